using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Certificates;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Guardrails;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Alerts;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Budgets;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Deception;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Guardrails;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Policies;
using AgentGate.Storage.Settings;
using AgentGate.Storage.Threats;
using AgentGate.Storage.Traces;
using AgentGate.Storage.Transactions;
using AgentGate.Traces;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage;

/// <summary>Registers the embedded profile: one SQLite file.</summary>
public static class EmbeddedStorageServiceCollectionExtensions
{
    /// <summary>Registers the stores. Call <see cref="IStorageInitializer.InitializeAsync"/> before anything uses them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The database file. Folder and file are created for the owner alone.</param>
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, string path)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        services.AddOptions<AuditOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new SqliteDatabase(path));
        services.AddSingleton<ITenantContexts, SqliteTenantContexts>();
        services.AddSingleton<IStorageInitializer, EmbeddedStorageInitializer>();

        services.AddSingleton<IAuditLog>(provider => new SqliteAuditLog(
            provider.GetRequiredService<SqliteDatabase>(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SqliteAuditLog>>(),
            provider.GetRequiredService<EvidenceCipher>()));
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.TryAddSingleton<IEvidenceMasterKey>(provider => new FileEvidenceKey(
            Path.GetFullPath(path) + ".evidence.key", provider.GetRequiredService<IIdSource>()));
        services.AddSingleton<EvidenceCipher>();
        services.AddSingleton<ICertificateStore, SqliteCertificateStore>();
        services.AddSingleton<ILogTiles, SqliteLogTiles>();
        services.AddSingleton<ITraceStore, SqliteTraceStore>();
        services.AddSingleton<IBudgetStore, SqliteBudgetStore>();
        services.AddSingleton<IApiKeyStore, EfApiKeyStore>();
        services.AddSingleton<IPolicyVersions, EfPolicyVersions>();
        services.AddSingleton<ISafetyNodeStore, EfSafetyNodeStore>();
        services.AddSingleton<IGrantStore, EfGrantStore>();
        services.AddSingleton<IHoneyStore, EfHoneyStore>();
        services.AddIdentityStores();
        services.AddSettingsStore();
        services.AddThreatStores();
        services.AddAlertStores();
        services.AddSingleton<IGuardrailStore>(provider => new EfGuardrailStore(provider.GetRequiredService<ITenantContexts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddTransactionStore();
        return services;
    }
}
