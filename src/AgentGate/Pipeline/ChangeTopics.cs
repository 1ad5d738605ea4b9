namespace AgentGate.Pipeline;

/// <summary>What changes are told apart by. The triggers of the database have these words.</summary>
internal static class ChangeTopics
{
    public const string Keys = "keys";

    public const string Policies = "policies";

    public const string Grants = "grants";

    public const string Honey = "honey";

    public const string SafetyNodes = "safety_nodes";

    /// <summary>Users, their sign-in sessions and what they were given.</summary>
    public const string Identity = "identity";

    public const string TokenKeys = "token_keys";

    public const string Settings = "settings";

    public const string BlockedAddresses = "blocked_addresses";

    public const string Approvals = "approvals";
}
