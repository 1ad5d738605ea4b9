using System.Diagnostics;
using System.Globalization;
using AgentGate.Benchmarks.Gateway;

namespace AgentGate.Benchmarks.Cluster;

/// <summary>Runs <c>wrk</c> against one or several servers at once and reads what it prints.</summary>
internal static class Wrk
{
    /// <param name="PerSecond">Requests a second, over all servers.</param>
    /// <param name="P50">The median latency in milliseconds; of several servers the largest.</param>
    /// <param name="P99">The 99th percentile, likewise.</param>
    /// <param name="Refused">Answers that were not 2xx or 3xx.</param>
    public sealed record Result(double PerSecond, double P50, double P99, double Refused);

    public static Result Run(string folder, string key, int connections, TimeSpan duration, params int[] ports)
    {
        var script = Path.Combine(folder, "post.lua");
        File.WriteAllText(script, $"""
            wrk.method = "POST"
            wrk.body = [==[{System.Text.Encoding.UTF8.GetString(ChatTexts.Request)}]==]
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Bearer {key}"
            done = function(summary, latency, requests)
                io.write(string.format("RESULT %f %f %f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
            end
            """);
        var runs = ports.Select(port => Process.Start(new ProcessStartInfo(
            "wrk",
            ["-t1", Invariant($"-c{Math.Max(1, connections / ports.Length)}"), Invariant($"-d{duration.TotalSeconds:F0}s"), "-s", script, Invariant($"http://127.0.0.1:{port}/v1/chat/completions")])
        {
            RedirectStandardOutput = true,
        })!).ToList();
        var results = runs.Select(process =>
        {
            using (process)
            {
                var text = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal)) ?? throw new InvalidOperationException("wrk says: " + text);
                var figures = line.Split(' ')[1..].Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
                return new Result(figures[0], figures[1], figures[2], figures[3]);
            }
        }).ToList();
        return new Result(results.Sum(r => r.PerSecond), results.Max(r => r.P50), results.Max(r => r.P99), results.Sum(r => r.Refused));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
