namespace AgentGate.Diagnostics;

/// <summary>Codes of the API keys (AG60xx).</summary>
public static partial class Codes
{
    /// <summary>The request carries no key, or one that is unknown, expired or revoked.</summary>
    public const string KeyInvalid = "AG6001";

    /// <summary>The key is valid and lacks the scope that the endpoint demands.</summary>
    public const string KeyScopeMissing = "AG6002";

    /// <summary>A key cannot be created as asked: no name, an unknown scope, or an expiry in the past.</summary>
    public const string KeyRequestInvalid = "AG6003";

    /// <summary>The time a key was last used could not be stored; authentication is not affected.</summary>
    public const string KeyUsageNotStored = "AG6004";

    /// <summary>The endpoint tells of the whole server, and the key belongs to a tenant that is not its operator's.</summary>
    public const string OperatorOnly = "AG6005";
}
