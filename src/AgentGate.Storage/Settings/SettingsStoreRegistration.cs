using AgentGate.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Settings;

/// <summary>Registers the store of settings: written once, for both profiles.</summary>
internal static class SettingsStoreRegistration
{
    public static IServiceCollection AddSettingsStore(this IServiceCollection services) => services.AddSingleton<ISettingsStore, EfSettingsStore>();
}
