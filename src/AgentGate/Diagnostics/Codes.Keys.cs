namespace AgentGate.Diagnostics;

/// <summary>Codes of keys, and of who a caller is (AG60xx).</summary>
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

    /// <summary>The endpoint needs a user who is signed in; a key is not enough.</summary>
    public const string UserNeeded = "AG6006";

    /// <summary>The endpoint demands that the user proved itself anew, or with a second factor.</summary>
    public const string StepUpNeeded = "AG6007";

    /// <summary>A request with the cookie of a browser does not show that it comes from a page of this server.</summary>
    public const string CsrfRefused = "AG6008";

    /// <summary>The user has to change the password first.</summary>
    public const string PasswordChangeNeeded = "AG6009";

    /// <summary>Activity of sessions, keys of access tokens or expired records could not be kept up; it is tried again.</summary>
    public const string IdentityUpkeepFailed = "AG6010";

    /// <summary>The session is held to less than its user may do, and so makes no credentials.</summary>
    public const string SessionHeldToLess = "AG6011";
}
