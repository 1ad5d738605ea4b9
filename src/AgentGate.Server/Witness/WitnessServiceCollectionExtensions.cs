using AgentGate.Pipeline;
using AgentGate.Witness;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Witness;

/// <summary>Registers those who cosign the checkpoints of this server's logs.</summary>
internal static class WitnessServiceCollectionExtensions
{
    /// <summary>Registers <see cref="ICheckpointWitnesses"/>; without configured witnesses it demands nothing.</summary>
    public static IServiceCollection AddWitnesses(this IServiceCollection services)
    {
        services.AddSingleton<IWitnessTransport, HttpWitnessTransport>();
        services.AddSingleton<ICheckpointWitnesses>(provider => new WitnessQuorum(
            provider.GetRequiredService<IOptions<WitnessOptions>>().Value,
            provider.GetRequiredService<IWitnessTransport>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<WitnessQuorum>>()));
        return services;
    }
}
