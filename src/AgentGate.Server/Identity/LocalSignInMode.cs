namespace AgentGate.Server.Identity;

/// <summary>People sign in here and nowhere else.</summary>
internal sealed class LocalSignInMode : ISignInModes
{
    public string Mode => "local";

    public bool TakesPasswords => true;

    public IReadOnlyList<SignInProviderView> Providers { get; } = [new("local", ["password_login", "mfa", "step_up"])];
}
