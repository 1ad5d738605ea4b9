namespace AgentGate.Identity;

/// <summary>Why a sign-in session ended before its time.</summary>
internal static class SignInEndings
{
    public const string SignedOut = "signed-out";

    /// <summary>The user, or an admin, ended it from elsewhere.</summary>
    public const string Revoked = "revoked";

    /// <summary>A refresh token was shown twice: somebody holds a copy.</summary>
    public const string Reuse = "reuse";

    public const string PasswordChanged = "password-changed";

    public const string Disabled = "disabled";

    public const string RoleChanged = "role-changed";
}
