namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>The call names no principal or no tenant.</summary>
    public const string UnknownPrincipal = "AG6101";

    /// <summary>The key does not carry the scope the door or endpoint needs.</summary>
    public const string ScopeMissing = "AG6102";

    /// <summary>There is no key, or it is unknown, expired or revoked.</summary>
    public const string KeyRefused = "AG6103";
}
