namespace AgentGate.Identity;

/// <summary>What carries a sign-in session.</summary>
internal static class SignInKinds
{
    /// <summary>A browser's cookie.</summary>
    public const string Cookie = "cookie";

    /// <summary>Access and refresh tokens.</summary>
    public const string Token = "token";
}
