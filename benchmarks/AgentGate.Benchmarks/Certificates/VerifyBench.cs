using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Benchmarks.Certificates;

/// <summary>What a certificate costs to make and to verify, one thread, no disk.</summary>
internal static class VerifyBench
{
    private const double VerifyMax = 250;
    private const int Rounds = 7;

    public static IEnumerable<BenchTable> Run()
    {
        using var parts = new CertificateParts(leaves: 1 << 20);
        var table = new BenchTable(
            "verify", $"Certificates: one decision under {CertificateParts.Policies} policies, log of 2^20 entries, one thread, best of {Rounds}", ("us", "F2"), ("bytes allocated", "N0"));
        Add("evaluate the theorem", 1, () => Theorem.Evaluate(parts.Alpha, parts.Knowledge));
        Add("write and hash the request", 1, () => AlphaJson.Hash(AlphaJson.Write(parts.Alpha)));
        Add("write and hash the certificate", 1, () => CertificateBody.Write(parts.Content));
        foreach (var size in new[] { 1, 64, 1_024 })
        {
            var drafts = Enumerable.Repeat(parts.Draft, size).ToArray();
            Add($"sign, per certificate of a batch of {size}", size, () => parts.Sign(drafts));
        }

        Add("verify a certificate", 1, () => BundleVerifier.Verify(parts.Certificate, default, parts.Keys), VerifyMax);
        Add("verify a certificate with its bundle", 1, () => BundleVerifier.Verify(default, parts.Bundle, parts.Keys));
        return [table];

        void Add(string name, int decisions, Func<object> run, double? max = null)
        {
            var warm = Stopwatch.GetTimestamp();
            var times = 0;
            for (; Stopwatch.GetElapsedTime(warm) < TimeSpan.FromSeconds(0.5); times++)
            {
                run();
            }

            times = Math.Max(times / 5, 1);
            var (best, bytes) = (double.MaxValue, 0.0);
            for (var round = 0; round < Rounds; round++)
            {
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                for (var i = 0; i < times; i++)
                {
                    run();
                }

                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / times / decisions);
                bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)times / decisions;
            }

            var row = new BenchRow(name, best, bytes);
            table.Rows.Add(max is { } limit ? row.Against($"<= {limit} us", best <= limit) : row);
        }
    }
}
