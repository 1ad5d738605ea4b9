using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Federation;

/// <summary>Who signs people in, as the configuration says.</summary>
internal sealed class FederationModes(IOptions<FederationOptions> options) : ISignInModes
{
    public string Mode => options.Value.Mode;

    public bool TakesPasswords => options.Value.AllowLocalPasswords || options.Value.Mode is FederationOptions.Local or FederationOptions.Hybrid;

    public IReadOnlyList<SignInProviderView> Providers =>
    [
        .. TakesPasswords ? [new SignInProviderView("local", ["password_login", "mfa", "step_up"])] : (SignInProviderView[])[],
        .. options.Value.Active().Select(provider => provider.Options.ClientId is { Length: > 0 }
            ? new SignInProviderView(provider.Name, ["sso", "token_exchange"], $"/api/auth/oidc/{provider.Name}/start")
            : new SignInProviderView(provider.Name, ["token_exchange"])),
    ];
}
