using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Alerts;

/// <summary>Installs alerts. The host registers the channels and runs the <see cref="AlertDispatcher"/>.</summary>
internal static class AlertServiceCollectionExtensions
{
    public static IServiceCollection AddAlertDesk(this IServiceCollection services)
    {
        services.AddOptions<AlertOptions>();
        services.AddSingleton<AlertSignal>();
        services.AddSingleton<AlertMetrics>();
        services.AddSingleton<AlertDesk>();
        services.AddSingleton<IAlerts>(provider => provider.GetRequiredService<AlertDesk>());
        services.AddSingleton<AlertDispatcher>();
        services.AddSingleton<IHealthRemark>(provider => provider.GetRequiredService<AlertDispatcher>());
        return services;
    }
}
