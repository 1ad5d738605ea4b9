using AgentGate.Kernel.Decisions;

namespace AgentGate.Limits;

/// <summary>The rules that are in force where an operator configured none.</summary>
internal static class ShippedLimits
{
    /// <summary>What an agent that works alone does not reach, and one that runs away does.</summary>
    public static void AddTo(IList<LimitRule> rules)
        => rules.Add(new LimitRule { Name = "model-calls", Calls = 600, Action = GateActions.CallModel });

    /// <summary>The development environment: small enough to be seen at work. A visitor of the playground has a count of their own.</summary>
    public static void AddDevelopmentTo(IList<LimitRule> rules)
    {
        rules.Add(new LimitRule { Name = "model-calls", Calls = 20, Action = GateActions.CallModel });
        rules.Add(new LimitRule { Name = "playground", Calls = 20, Action = GateActions.CallModel, Principal = "playground_*", Per = LimitPer.User });
    }
}
