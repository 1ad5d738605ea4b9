using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Guardrails;
using AgentGate.Identity;
using AgentGate.Limits;
using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pipeline;
using AgentGate.Plans;
using AgentGate.Policies;
using AgentGate.Threats;
using AgentGate.Threats.Injection;
using AgentGate.Tools;
using AgentGate.Traces;
using AgentGate.Transactions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs the gate and its default guards.</summary>
public static class AgentGateServiceCollectionExtensions
{
    /// <summary>
    /// Adds the gate with every default guard. Decisions go to a log in memory until a storage profile is added; without a
    /// configured policy everything is denied.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <remarks>Idempotent. Adds options; uses logging where the application has it.</remarks>
    public static IServiceCollection AddAgentGate(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(Gate)))
        {
            return services;
        }

        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.TryAddSingleton<GateMetrics>();
        services.TryAddSingleton<GateEventHub>();
        services.TryAddSingleton<IGateEvents>(provider => provider.GetRequiredService<GateEventHub>());
        AddGuards(services);
        AddRecord(services);
        services.TryAddSingleton<IDecisionCertifier>(provider => new DecisionCertifier(
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<IOptions<AdmissibilityOptions>>().Value.ToSettings(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value.DurabilityWord));
        services.AddSingleton(provider => new Gate(
            Installed(provider),
            provider.GetRequiredService<IDecisionRecorder>(),
            provider.GetRequiredService<IOptions<GateOptions>>().Value,
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<GateMetrics>(),
            provider.GetService<ILogger<Gate>>() ?? NullLogger<Gate>.Instance,
            provider.GetService<IRawBinding>(),
            provider.GetService<INameScreen>(),
            provider.GetRequiredService<IGateEvents>(),
            provider.GetRequiredService<IOptions<GateOptions>>().Value.Certificates ? provider.GetRequiredService<IDecisionCertifier>() : null,
            provider.GetService<ISafetyQuorum>(),
            provider.GetService<IGrantKnowledge>())
        {
            Services = provider,
            Skips = provider.GetService<ISkipRules>(),
            Tools = provider.GetRequiredService<ToolCatalog>(),
        });
        services.AddSingleton<ToolCallDoor>();
        services.AddTransactions();
        services.TryAddSingleton<IPlanEvaluator>(provider => new PlanEvaluator(
            provider.GetRequiredService<IAdmissibilityQuestions>(),
            provider.GetRequiredService<IDecisionRecorder>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value.DurabilityWord,
            provider.GetService<IAttestedFacts>(),
            provider.GetServices<IFactSource>(),
            provider.GetService<INameScreen>()));
        return services;
    }

    /// <summary>The installed guards, with the ones that configuration only watches marked.</summary>
    private static IEnumerable<GuardDescriptor> Installed(IServiceProvider provider)
    {
        var shadow = provider.GetRequiredService<IOptions<GateOptions>>().Value.Shadow;
        return provider.GetServices<GuardDescriptor>()
            .Select(guard => GateOptions.ShadowNames.Contains(guard.Name) && shadow.Contains(guard.Name, StringComparer.OrdinalIgnoreCase)
                ? guard with { Shadow = true }
                : guard);
    }

    /// <summary>
    /// The default guards. Their order is <see cref="GuardOrder"/>: Identity, Deception, Admissibility, Unread, Tools, Guardrails,
    /// Limits, Threats, Injection, Pii, Budgets on the way in; Unread, Pii on the way out. Approvals have their place.
    /// </summary>
    private static void AddGuards(IServiceCollection services)
    {
        services.AddSingleton(new GuardDescriptor("Identity", GuardOrder.Identity) { Request = new IdentityGuard() });

        services.AddDelegation();
        services.AddDeception();
        services.AddPolicies();
        services.AddSingleton<ToolCatalog>();
        services.AddSingleton<IToolCatalog>(provider => provider.GetRequiredService<ToolCatalog>());
        services.AddSingleton(new GuardDescriptor("Tools", GuardOrder.Tools) { Request = new ToolGuard() });
        services.AddGuardrails();
        services.AddLimits();
        services.AddThreats();
        services.AddInjection();

        services.TryAddSingleton<IPiiScanner>(provider => new PiiScanner(provider.GetRequiredService<IOptions<PiiOptions>>().Value));
        services.AddPii();
        services.AddBudgets();
    }

    /// <summary>The record: a chained log and traces, in memory unless a storage profile replaces them.</summary>
    private static void AddRecord(IServiceCollection services)
    {
        services.TryAddSingleton<AuditMetrics>();
        services.TryAddSingleton(provider => new InMemoryTraceStore(provider.GetRequiredService<IOptions<AuditOptions>>().Value.MaxTraces));
        services.TryAddSingleton<ITraceStore>(provider => provider.GetRequiredService<InMemoryTraceStore>());
        services.TryAddSingleton<IAuditLog>(provider => new InMemoryAuditLog(
            provider.GetRequiredService<IOptions<AuditOptions>>().Value,
            provider.GetRequiredService<InMemoryTraceStore>().Add,
            certificate => provider.GetRequiredService<InMemoryCertificateStore>().Add(certificate.Tenant, certificate.Seq, certificate.Record, certificate.Seal)));
        services.TryAddSingleton(provider => new InMemoryCertificateStore(provider.GetRequiredService<IOptions<AuditOptions>>().Value.InMemoryCertificates));
        services.TryAddSingleton<ICertificateStore>(provider => provider.GetRequiredService<InMemoryCertificateStore>());
        services.TryAddSingleton<ILogProofs, LogProofs>();
        services.TryAddSingleton<BundleBuilder>();
        services.TryAddSingleton<CertificateVerification>();
        services.TryAddSingleton<IIssuedVerifier>(provider => provider.GetRequiredService<CertificateVerification>());
        services.TryAddSingleton<ILogKeySource>(provider => FixedLogKeySource.Fresh(provider.GetRequiredService<IIdSource>()));
        services.TryAddSingleton<ISigningKeys>(provider => new EphemeralSigningKeys(
            provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<IOptions<SigningOptions>>().Value.Algorithm));
        services.TryAddSingleton<ILogTiles>(provider => (ILogTiles)provider.GetRequiredService<IAuditLog>());
        services.TryAddSingleton(provider => new LogTrees(
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<ILogTiles>(),
            provider.GetService<ILogger<LogTrees>>() ?? NullLogger<LogTrees>.Instance));
        services.TryAddSingleton(provider => new CheckpointPublisher(
            provider.GetRequiredService<LogTrees>(),
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<ISigningKeys>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetService<ILogger<CheckpointPublisher>>() ?? NullLogger<CheckpointPublisher>.Instance,
            provider.GetService<CheckpointFiles>(),
            provider.GetService<ICheckpointWitnesses>(),
            provider.GetService<ISharedCheckpoints>()));
        services.TryAddSingleton(provider => new DecisionRecorder(
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<ILogKeySource>(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetService<ILogger<DecisionRecorder>>() ?? NullLogger<DecisionRecorder>.Instance,
            provider.GetRequiredService<LogTrees>(),
            provider.GetRequiredService<ISigningKeys>()));
        services.TryAddSingleton<IDecisionRecorder>(provider => provider.GetRequiredService<DecisionRecorder>());
    }
}
