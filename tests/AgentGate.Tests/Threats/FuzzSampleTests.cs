using AgentGate.Benchmarks.Fuzzing;

namespace AgentGate.Tests.Threats;

/// <summary>A short run of <c>./run fuzz</c>, the same inputs every time.</summary>
public sealed class FuzzSampleTests
{
    [Fact]
    public void Twenty_thousand_hostile_inputs_break_nothing()
    {
        var inputs = new FuzzInputs(FuzzInputs.Pieces);
        var check = new FuzzCheck();

        for (var number = 0; number < 20_000; number++)
        {
            var text = inputs.Make(20261122, number);
            var wrong = check.Check(text, number);
            Assert.True(wrong is null, $"input {number}: {wrong}");
        }

        Assert.InRange(check.Hits, 1_000, long.MaxValue);
    }
}
