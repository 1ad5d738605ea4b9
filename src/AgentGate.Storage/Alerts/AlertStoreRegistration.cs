using AgentGate.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Alerts;

/// <summary>Registers the store of alerts: written once, for both profiles.</summary>
internal static class AlertStoreRegistration
{
    public static IServiceCollection AddAlertStores(this IServiceCollection services) => services.AddSingleton<IAlertStore, EfAlertStore>();
}
