using AgentGate.Benchmarks.Fuzzing;

namespace AgentGate.Cedar.Tests.Conformance;

/// <summary>A short run of <c>./run fuzz cedar</c>, the same inputs every time.</summary>
public sealed class FuzzSampleTests
{
    [Fact]
    public void Twenty_thousand_mutated_inputs_break_no_parser()
    {
        var inputs = new CedarFuzzInputs(CedarFuzzCorpus.Load(file: null));
        var check = new CedarFuzzCheck();

        for (var number = 0; number < 20_000; number++)
        {
            var (kind, data) = inputs.Make(20261122, number);
            var wrong = check.Check(kind, data, number);
            Assert.True(wrong is null, $"input {number} ({kind}): {wrong}");
        }

        // Inputs that are all refused at their first character would test nothing.
        Assert.All(check.Kinds, kind => Assert.InRange((double)kind.Accepted / kind.Inputs, 0.05, 0.95));
    }
}
