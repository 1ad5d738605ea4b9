using System.Globalization;
using System.Text;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>
/// The kernel's verifier and the one in tests/second-verifier, which shares no code with it, say the same of every certificate.
/// <c>./run agree N</c> sets the number of cases.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly int s_cases = Setting("AGENTGATE_AGREEMENT_CASES", 500);
    private static readonly int s_seed = Setting("AGENTGATE_AGREEMENT_SEED", 20260131);

    [Fact]
    public async Task The_second_verifier_finds_every_good_certificate_valid()
    {
        SecondVerifier.Require();
        using var source = new AgreementSource(s_seed);
        var cases = source.Good(s_cases).ToArray();
        var second = await SecondVerifier.VerifyAsync(cases, TestContext.Current.CancellationToken);

        var wrong = cases.Zip(second).Where(static pair => !pair.Second.IsValid).ToArray();
        Report("good", cases.Select(static one => one.Kind));
        Assert.True(wrong.Length == 0, string.Join('\n', wrong.Take(10).Select(static pair => $"{pair.First.Kind}: {pair.Second.Failed} {Save(pair.First)}")));
        Assert.Equal(cases.Length, second.Count);
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    private static string Save(AgreementCase one)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "agentgate-agreement"));
        var path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{one.Id}.jsonl"));
        File.WriteAllText(path, one.ToLine());
        return path;
    }

    private void Report(string title, IEnumerable<string> kinds)
    {
        var text = new StringBuilder().AppendLine(title);
        foreach (var (kind, count) in kinds.CountBy(static kind => kind).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {count,7} {kind}");
        }

        output.WriteLine(text.ToString());
    }
}
