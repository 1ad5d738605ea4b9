using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Targets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs the policies: the guard, the configured set, and where other versions come into force.</summary>
internal static partial class PoliciesServiceCollectionExtensions
{
    public static void AddPolicies(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolicyOptions>, PolicyOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdmissibilityOptions>, AdmissibilityOptionsValidator>());
        services.TryAddSingleton<PolicyMetrics>();
        services.TryAddSingleton<ICallTargets, CallTargets>();
        services.TryAddSingleton<PolicyEntities>();
        services.TryAddSingleton(provider => Configured(
            provider.GetRequiredService<IOptions<PolicyOptions>>().Value,
            provider.GetService<ILogger<PolicyRegistry>>(),
            provider.GetService<ApprovalsInstalled>() is not null));
        services.TryAddSingleton(provider => new KnowledgeEpochs(
            provider.GetRequiredService<IOptions<AdmissibilityOptions>>().Value.ToSettings(), provider.GetService<IGrantKnowledge>(),
            provider.GetService<ISafetyQuorum>()));
        services.TryAddSingleton<IAdmissibilityQuestions, AdmissibilityQuestions>();
        services.AddSingleton(provider => new GuardDescriptor(GuardNames.Admissibility, GuardOrder.Admissibility)
        {
            Request = new AdmissibilityGuard(
                provider.GetRequiredService<PolicyRegistry>(),
                provider.GetRequiredService<PolicyEntities>(),
                provider.GetRequiredService<IToolCatalog>(),
                provider.GetRequiredService<PolicyMetrics>(),
                provider.GetService<ILogger<AdmissibilityGuard>>() ?? NullLogger<AdmissibilityGuard>.Instance,
                provider.GetRequiredService<KnowledgeEpochs>(),
                provider.GetService<IAttestedFacts>(),
                provider.GetService<ApprovalsInstalled>()),
        });
        services.AddSingleton(provider => new GuardDescriptor("Targets", TargetGuard.Order)
        {
            Request = new TargetGuard(
                provider.GetRequiredService<PolicyEntities>(), provider.GetRequiredService<IToolCatalog>(), provider.GetService<ApprovalsInstalled>()),
        });
        services.AddSingleton(provider =>
        {
            var guard = new UnreadGuard(provider.GetRequiredService<IOptions<PolicyOptions>>());
            return new GuardDescriptor("Unread", GuardOrder.Unread) { Request = guard, Response = guard };
        });
    }

    /// <summary>A registry in which the configured set judges until another is activated.</summary>
    /// <exception cref="OptionsValidationException">The configured policies cannot be used.</exception>
    internal static PolicyRegistry Configured(PolicyOptions options, ILogger? logger = null, bool hasApprovals = false)
    {
        if (ConfiguredPolicies.Read(options, out var policies, out var warnings, hasApprovals) is { IsEmpty: false } faults)
        {
            throw new OptionsValidationException(nameof(PolicyOptions), typeof(PolicyOptions), faults);
        }

        foreach (var warning in logger is null ? [] : warnings)
        {
            Log.Warned(logger!, warning);
        }

        return new PolicyRegistry(ActivePolicies.Of(ActivePolicies.ConfigurationVersion, policies));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1209, Level = LogLevel.Warning, Message = "A configured policy may not mean what it seems to: {Warning}")]
        public static partial void Warned(ILogger logger, string warning);
    }
}
