using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity;

/// <summary>A provider of identities, as everybody may see it.</summary>
/// <param name="Name">Its name in requests.</param>
/// <param name="Capabilities"><c>password_login</c>, <c>token_exchange</c>, <c>mfa</c>, <c>sso</c>, <c>step_up</c>.</param>
/// <param name="SignInUrl">Where a browser goes to sign in, where it has to go somewhere.</param>
internal sealed record SignInProviderView(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("capabilities")] IReadOnlyList<string> Capabilities,
    [property: JsonPropertyName("sign_in_url")] string? SignInUrl = null);
