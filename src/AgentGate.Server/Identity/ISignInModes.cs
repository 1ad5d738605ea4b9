namespace AgentGate.Server.Identity;

/// <summary>Who signs people in here. Thread-safe.</summary>
internal interface ISignInModes
{
    /// <summary><c>local</c>, <c>custom_oidc</c>, <c>descope</c> or <c>hybrid_migration</c>.</summary>
    string Mode { get; }

    /// <summary>Whether passwords are taken.</summary>
    bool TakesPasswords { get; }

    /// <summary>The providers, each with what it can do.</summary>
    IReadOnlyList<SignInProviderView> Providers { get; }
}
