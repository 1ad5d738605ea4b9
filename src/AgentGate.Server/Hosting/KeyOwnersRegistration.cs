using AgentGate.Keys;
using AgentGate.Pipeline;

namespace AgentGate.Server.Hosting;

/// <summary>Joins keys and the users who answer for them.</summary>
internal static class KeyOwnersRegistration
{
    public static IServiceCollection AddKeyOwners(this IServiceCollection services)
    {
        services.AddSingleton<KeyOwners>();
        services.AddSingleton<IKeyOwners>(provider => provider.GetRequiredService<KeyOwners>());
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<KeyOwners>());
        return services;
    }
}
