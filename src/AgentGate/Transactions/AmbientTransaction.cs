using AgentGate.Pipeline;

namespace AgentGate.Transactions;

/// <summary>The transaction of the current flow of execution. What is started inside it inherits it.</summary>
internal static class AmbientTransaction
{
    private static readonly AsyncLocal<GateTransaction?> s_current = new();

    /// <summary>The innermost transaction of this flow that calls belong to: one that was committed passes them to the one around it.</summary>
    public static GateTransaction? Of(Gate gate)
    {
        for (var one = s_current.Value; one is not null; one = one.Outer)
        {
            if (ReferenceEquals(one.Gate, gate) && one.State is not (TransactionState.Committed or TransactionState.Joined))
            {
                return one;
            }
        }

        return null;
    }

    public static void Enter(GateTransaction transaction) => s_current.Value = transaction;

    /// <summary>Leaves a transaction, where this flow is still in it.</summary>
    public static void Leave(GateTransaction transaction)
    {
        if (ReferenceEquals(s_current.Value, transaction))
        {
            s_current.Value = transaction.Around;
        }
    }

    /// <summary>Calls that follow in this flow are no steps: what a compensation does is not undone.</summary>
    public static void Clear() => s_current.Value = null;

    /// <summary>Whatever transaction this flow is in, of any gate.</summary>
    public static GateTransaction? Innermost => s_current.Value;
}
