using System.Globalization;
using AgentGate.Alerts;
using AgentGate.Threats.Behaviour;

namespace AgentGate.Server.Hosting;

/// <summary>Binds the options of what stands before the routes, under their own names and the published ones.</summary>
internal static class HardeningOptions
{
    private const string Origins = "ALLOWED_ORIGINS";
    private const string Detection = "ENABLE_THREAT_DETECTION";

    public static void Bind(WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        ServerOptions.Bind<HttpOptions>(builder, HttpOptions.Section, HttpOptions.Faults);
        ServerOptions.Bind<ProxyOptions>(builder, ProxyOptions.Section, ProxyOptions.Faults);
        ServerOptions.Bind<BehaviourOptions>(builder, BehaviourOptions.Section, BehaviourOptions.Faults);
        if (builder.Environment.IsDevelopment())
        {
            // Before the configuration, which has the last word.
            services.Configure<AlertOptions>(options => options.AllowPrivateAddresses = true);
        }

        ServerOptions.Bind<AlertOptions>(builder, AlertOptions.Section, AlertOptionsRules.Faults);
        services.PostConfigure<AlertOptions>(options => AlertSettings.Apply(configuration, options));
        services.PostConfigure<HttpOptions>(options =>
        {
            if (configuration[Origins] is { Length: > 0 } text)
            {
                foreach (var origin in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    options.AllowedOrigins.Add(origin.TrimEnd('/'));
                }
            }
        });
        if (configuration[Detection] is { Length: > 0 } word)
        {
            services.PostConfigure<BehaviourOptions>(options => options.Enabled = word.ToLower(CultureInfo.InvariantCulture) is not ("false" or "0" or "no"));
        }
    }
}
