using AgentGate.Pipeline;
using AgentGate.Policies.Versions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs the versions of the policies. Their store comes from the storage profile, <see cref="IPolicyPeople"/> from the server.</summary>
internal static class PolicyVersionsServiceCollectionExtensions
{
    public static IServiceCollection AddPolicyVersions(this IServiceCollection services)
    {
        services.TryAddSingleton<IPolicyAsk, PolicyAsk>();
        services.TryAddSingleton<OwnWork>();
        services.TryAddSingleton<PolicyAdministration>();
        services.TryAddSingleton<StoredPolicies>();
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<StoredPolicies>());
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<StoredPolicies>());
        return services;
    }
}
