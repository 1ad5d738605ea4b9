using AgentGate.Benchmarks.Eval;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Tests.Threats;

/// <summary>What version 1.0 got wrong, and what any detector must get right, through the guard itself.</summary>
public sealed class KnownCaseTests
{
    private readonly ThreatFixture _threats = new();

    public static TheoryData<string> Texts => [.. KnownCases.All.Select(one => one.Text)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_known_text_gets_the_agreed_verdict_in_both_contexts(string text)
    {
        var one = KnownCases.All.First(known => known.Text == text);

        Assert.True(one.Argument is null || one.Argument == _threats.Argument(text) is Verdict.Deny, "as argument: " + Told(_threats.Argument(text)));
        Assert.True(one.Chat is null || one.Chat == _threats.Chat(text) is Verdict.Deny, "in chat: " + Told(_threats.Chat(text)));
    }

    private static string Told(Verdict verdict) => string.Join("; ", verdict.Findings.Select(finding => $"{finding.Rule} {finding.Note}")) + " " + verdict;
}
