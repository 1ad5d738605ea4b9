using AgentGate.Guardrails;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts guardrails in force.</summary>
public static class AgentGateGuardrailsServiceCollectionExtensions
{
    /// <summary>Adds guardrails to those in force, and the gate if there is none yet.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Adds to <see cref="GuardrailsOptions.Sets"/>, for example what <see cref="GuardrailSet.Parse"/> read.</param>
    /// <returns>The same services.</returns>
    /// <remarks>What is not as it must be is told with every fault when the gate is built.</remarks>
    public static IServiceCollection AddAgentGateGuardrails(this IServiceCollection services, Action<GuardrailsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddAgentGate();
        services.Configure(configure);
        return services;
    }
}
