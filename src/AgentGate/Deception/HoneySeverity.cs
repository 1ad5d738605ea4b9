using AgentGate.Kernel.Decisions;

namespace AgentGate.Deception;

/// <summary>How much a touch costs the one who touched, and nobody else.</summary>
internal static class HoneySeverity
{
    /// <summary>The call is denied and the principal flagged.</summary>
    public const int Flagged = 1;

    /// <summary>Grants that the principal gave or got stop counting.</summary>
    public const int GrantsSuspended = 2;

    /// <summary>Every further call of the principal is denied.</summary>
    public const int Denied = 3;

    /// <summary>What a touch costs.</summary>
    /// <param name="type">The token's type.</param>
    /// <param name="deletes">Whether the call would delete.</param>
    public static int Of(HoneyType type, bool deletes) => type switch
    {
        HoneyType.Credential => Denied,
        HoneyType.DataStore => deletes ? Denied : GrantsSuspended,
        HoneyType.Tool => GrantsSuspended,
        _ => Flagged,
    };

    /// <summary>What it is called.</summary>
    public static string Word(int severity) => severity switch
    {
        Denied => "denied",
        GrantsSuspended => "grants_suspended",
        Flagged => "flagged",
        _ => "none",
    };

    /// <summary>Whether an action, or what a tool is declared to do, deletes.</summary>
    public static bool Deletes(string action) => action.Contains(GateActions.Delete, StringComparison.OrdinalIgnoreCase);
}
