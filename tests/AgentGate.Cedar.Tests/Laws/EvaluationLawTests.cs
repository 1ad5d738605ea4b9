using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;
using FsCheck.Xunit;

namespace AgentGate.Cedar.Tests.Laws;

public sealed class EvaluationLawTests
{
    [Property(MaxTest = 20_000)]
    public void Compiled_steps_give_what_the_plain_semantics_give(int seed)
    {
        var world = new SmallWorld(seed);
        var (entities, request, expression) = (world.Entities(), world.Request(), world.Expression(4));

        var expected = Plainly(() => new NaiveEvaluator(request, entities).Evaluate(expression));
        var succeeded = Evaluator.TryEvaluate(expression, request, entities, out var value, out var error);

        Assert.Equal(expected is not null, succeeded);
        Assert.True(expected is null ? value is null : expected.Equals(value), $"expected {expected}, found {value}");
        Assert.Equal(succeeded, error is null);
    }

    private static CedarValue? Plainly(Func<CedarValue> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (Exception error) when (error is NaiveEvaluator.NaiveException or OverflowException)
        {
            return null;
        }
    }
}
