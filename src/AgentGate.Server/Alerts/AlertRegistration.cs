using AgentGate.Alerts;

namespace AgentGate.Server.Alerts;

/// <summary>Installs alerts: the desk, the channels, and what delivers.</summary>
internal static class AlertRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddAlertDesk();
        services.AddSingleton<AlertHttp>();
        services.AddSingleton<IAlertChannel, LogChannel>();
        services.AddSingleton<IAlertChannel, WebhookChannel>();
        services.AddSingleton<IAlertChannel, SlackChannel>();
        services.AddSingleton<IAlertChannel, TeamsChannel>();
        services.AddHostedService<AlertService>();
        return services;
    }
}
