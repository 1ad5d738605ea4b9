using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Threats.Behaviour;

/// <summary>Installs what watches behaviour and refuses addresses.</summary>
internal static class BehaviourServiceCollectionExtensions
{
    /// <summary>Registers it. The host registers <see cref="ISparedAddresses"/>, the stores and <see cref="IAlerts"/>.</summary>
    public static IServiceCollection AddBehaviour(this IServiceCollection services)
    {
        services.AddOptions<BehaviourOptions>();
        services.AddSingleton<SignInFailures>();
        services.AddSingleton<OncePerSecond>();
        services.AddSingleton<Blocklist>();
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<Blocklist>());
        services.AddSingleton<ISecurityEvents, BehaviourDetector>();
        services.AddSingleton<RequestRates>();
        services.AddSingleton<SecurityEventQueue>();
        return services;
    }
}
