using System.Globalization;
using System.Text;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>
/// The kernel's verifier and the one in tests/second-verifier, which shares no code with it, say the same of every certificate: the
/// same verdict, the same failed steps. <c>./run agree N</c> sets the number of cases.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly int s_cases = Setting("AGENTGATE_AGREEMENT_CASES", 500);
    private static readonly int s_seed = Setting("AGENTGATE_AGREEMENT_SEED", 20260131);

    [Fact]
    public async Task Both_find_every_good_certificate_valid()
    {
        SecondVerifier.Require();
        using var source = new AgreementSource(s_seed);
        var cases = source.Good(s_cases).ToArray();
        var (first, second) = await VerifyAsync(cases);

        Report($"{cases.Length} good certificates and bundles", cases.Select(static one => one.Kind));
        AssertSame(cases, first, second);
        Assert.True(first.All(static verdict => verdict.IsValid), Explain(cases, first, second, static pair => !pair.First.IsValid));
        Assert.Equal(ScenarioSource.Kinds.Order(StringComparer.Ordinal), cases.Select(static one => one.Kind).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Both_find_every_changed_certificate_invalid_for_the_same_steps()
    {
        SecondVerifier.Require();
        using var source = new AgreementSource(s_seed + 1);
        var changed = source.Bad(s_cases).ToArray();
        var cases = changed.Select(static one => one.Case).ToArray();
        var (first, second) = await VerifyAsync(cases);

        Report($"{cases.Length} changed certificates and bundles", cases.Select(static one => one.Kind));
        Report("of these no change in meaning, found valid by both", cases.Zip(first).Where(static pair => pair.Second.IsValid).Select(static pair => pair.First.Kind));
        Report("failed steps", first.SelectMany(static verdict => verdict.Failed.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        AssertSame(cases, first, second);
        var unnoticed = changed.Zip(first).Where(static pair => pair.Second.IsValid && !pair.First.MayBeHarmless).Select(static pair => pair.First.Case).ToArray();
        Assert.True(unnoticed.Length == 0, string.Join('\n', unnoticed.Take(10).Select(static one => $"not noticed: {one.Kind}, saved as {Save(one)}")));
    }

    private static async Task<(IReadOnlyList<CaseVerdict> First, IReadOnlyList<CaseVerdict> Second)> VerifyAsync(AgreementCase[] cases)
    {
        var second = SecondVerifier.VerifyAsync(cases, TestContext.Current.CancellationToken);
        var first = cases.Select(Verify).ToArray();
        return (first, await second);
    }

    private static CaseVerdict Verify(AgreementCase one)
    {
        var report = BundleVerifier.Verify(one.Certificate ?? default, one.Bundle ?? default, VerifierKeys.Read(one.Keys), new VerificationOptions
        {
            At = one.At is null ? null : DateTimeOffset.Parse(one.At, CultureInfo.InvariantCulture),
            Witnesses = one.Witnesses is null ? null : new WitnessPolicy(one.Witnesses.Quorum, [.. one.Witnesses.Keys.Select(NoteKey.Parse)]),
        });
        return new CaseVerdict(one.Id, report.Valid, string.Join(' ', report.Steps.Where(static step => step.Outcome == StepOutcome.Failed).Select(static step => step.Name)));
    }

    private static void AssertSame(AgreementCase[] cases, IReadOnlyList<CaseVerdict> first, IReadOnlyList<CaseVerdict> second)
    {
        Assert.Equal(cases.Length, second.Count);
        Assert.True(first.SequenceEqual(second), Explain(cases, first, second, static pair => pair.First != pair.Second));
    }

    /// <summary>The first cases of which something is to be said, each saved as a line that the second verifier reads.</summary>
    private static string Explain(
        AgreementCase[] cases, IReadOnlyList<CaseVerdict> first, IReadOnlyList<CaseVerdict> second, Func<(CaseVerdict First, CaseVerdict Second), bool> chosen)
    {
        var found = cases.Zip(first, second).Where(pair => chosen((pair.Second, pair.Third))).ToArray();
        var byKind = found.CountBy(static pair => $"{pair.First.Kind}: kernel [{pair.Second.Failed}], second [{pair.Third.Failed}]").OrderByDescending(static pair => pair.Value);
        return $"""
            seed {s_seed}: {found.Length} of {cases.Length}
            {string.Join('\n', byKind.Take(40).Select(static pair => $"{pair.Value,6} {pair.Key}"))}
            {string.Join('\n', found.DistinctBy(static pair => pair.First.Kind).Take(20).Select(static pair => $"{pair.First.Kind}: {Save(pair.First)}"))}
            """;
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    private static string Save(AgreementCase one)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "agentgate-agreement"));
        var path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{one.Kind.Replace(' ', '-').Replace(':', '_').Replace('/', '_')}-{one.Id}.jsonl"));
        File.WriteAllText(path, one.ToLine() + "\n");
        return path;
    }

    private void Report(string title, IEnumerable<string> words)
    {
        var text = new StringBuilder().AppendLine(title);
        foreach (var (word, count) in words.CountBy(static word => word).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {count,7} {word}");
        }

        output.WriteLine(text.ToString());
    }
}
