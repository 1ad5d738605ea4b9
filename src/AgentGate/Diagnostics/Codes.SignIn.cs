namespace AgentGate.Diagnostics;

/// <summary>Codes of who a caller is and how sure that is (AG60xx beside keys).</summary>
public static partial class Codes
{
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
}
