using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>Fills what the configuration leaves open from the published names of the environment.</summary>
internal sealed class PublishedPasskeyNames(IConfiguration configuration) : IPostConfigureOptions<PasskeyOptions>
{
    public void PostConfigure(string? name, PasskeyOptions options)
    {
        options.RpId ??= configuration["WEBAUTHN_RP_ID"] is { Length: > 0 } id ? id : null;
        if (configuration["WEBAUTHN_RP_NAME"] is { Length: > 0 } shown && configuration[PasskeyOptions.Section + ":RpName"] is null)
        {
            options.RpName = shown;
        }

        if (options.Origins.Count == 0 && configuration["WEBAUTHN_ORIGIN"] is { Length: > 0 } origins)
        {
            options.Origins.AddRange(origins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
    }
}
