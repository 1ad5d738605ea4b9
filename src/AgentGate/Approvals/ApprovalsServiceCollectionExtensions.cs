using System.Security.Cryptography;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Approvals;

/// <summary>Registers the slice.</summary>
internal static class ApprovalsServiceCollectionExtensions
{
    /// <summary>Adds the guard that holds calls for people, in the memory of this process unless another <see cref="IApprovalStore"/> is registered.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddOptions<ApprovalOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApprovalOptions>, ApprovalOptionsValidator>());
        services.TryAddSingleton<ApprovalMetrics>();
        services.TryAddSingleton<IApprovalStore, InMemoryApprovalStore>();
        services.TryAddSingleton<ApprovalSignals>();

        // Approvals of this process alone: nobody else has to make the same digests.
        services.TryAddSingleton(_ => new CallDigests(RandomNumberGenerator.GetBytes(32)));
        services.TryAddSingleton(provider => new ApprovalRecords(
            provider.GetRequiredService<IApprovalStore>(),
            provider.GetRequiredService<IDecisionRecorder>(),
            provider.GetRequiredService<ApprovalSignals>(),
            provider.GetRequiredService<ApprovalMetrics>(),
            provider.GetService<ILogger<ApprovalRecords>>() ?? NullLogger<ApprovalRecords>.Instance));
        services.TryAddSingleton<ApprovalDesk>();
        services.TryAddSingleton<IHeldCalls>(provider => new HeldCalls(
            provider.GetRequiredService<IApprovalStore>(),
            provider.GetRequiredService<ApprovalDesk>(),
            provider.GetRequiredService<ApprovalSignals>(),
            provider.GetRequiredService<CallDigests>(),
            provider.GetRequiredService<ApprovalMetrics>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<ApprovalOptions>>()));
        services.TryAddSingleton<IAttestedFacts, ApprovalFacts>();
        services.TryAddSingleton(new ApprovalsInstalled());
        services.AddSingleton(provider => new GuardDescriptor("Approvals", GuardOrder.Approvals)
        {
            Request = new ApprovalGuard(provider.GetRequiredService<IOptions<ApprovalOptions>>()),
        });
        services.TryAddSingleton(provider => new ApprovalUpkeep(
            provider.GetRequiredService<IApprovalStore>(),
            provider.GetRequiredService<ApprovalDesk>(),
            provider.GetRequiredService<ApprovalRecords>(),
            provider.GetRequiredService<IOptions<ApprovalOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<ApprovalUpkeep>>() ?? NullLogger<ApprovalUpkeep>.Instance));
        return services;
    }
}
