namespace AgentGate.Server.Identity;

/// <summary>Reads the published names of hCaptcha's keys: <c>HCAPTCHA_SITE_KEY</c> and <c>HCAPTCHA_SECRET</c>. With the secret, hCaptcha is the provider unless the section names another.</summary>
internal static class PublishedCaptchaNames
{
    public static void Bind(IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Services.PostConfigure<CaptchaOptions>(options =>
        {
            options.SiteKey ??= configuration["HCAPTCHA_SITE_KEY"] is { Length: > 0 } site ? site : null;
            options.Secret ??= configuration["HCAPTCHA_SECRET"] is { Length: > 0 } secret ? secret : null;
            if (configuration[CaptchaOptions.Section + ":Provider"] is null && configuration["HCAPTCHA_SECRET"] is { Length: > 0 })
            {
                options.Provider = HCaptcha.Name;
            }
        });
    }
}
