namespace AgentGate.Pipeline;

/// <summary>What changes are told apart by. The triggers of the database have these words.</summary>
internal static class ChangeTopics
{
    public const string Keys = "keys";

    public const string Policies = "policies";

    public const string Grants = "grants";

    public const string Honey = "honey";

    public const string SafetyNodes = "safety_nodes";
}
