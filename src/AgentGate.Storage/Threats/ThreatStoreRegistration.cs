using AgentGate.Threats.Behaviour;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Threats;

/// <summary>Registers the stores of what watches behaviour: written once, for both profiles.</summary>
internal static class ThreatStoreRegistration
{
    public static IServiceCollection AddThreatStores(this IServiceCollection services)
        => services.AddSingleton<IBlockedAddressStore, EfBlockedAddressStore>();
}
