namespace AgentGate.Pipeline;

/// <summary>Names of guards that others speak of.</summary>
internal static class GuardNames
{
    /// <summary>The guard that asks whether a call is admissible.</summary>
    public const string Admissibility = "Admissibility";
}
