using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage.Cluster;

/// <summary>Registers the ledger in PostgreSQL.</summary>
internal static class ClusterBudgets
{
    /// <summary>Keeps the budgets in PostgreSQL. <see cref="BudgetUpkeep"/> is started and run by the host.</summary>
    /// <param name="services">The services; <see cref="PostgresDatabase"/> among them.</param>
    public static IServiceCollection AddPostgresBudgets(this IServiceCollection services)
    {
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton(provider => new PostgresBudgetLedger(
            provider.GetRequiredService<PostgresDatabase>(),
            provider.GetRequiredService<RuleSet>(),
            provider.GetRequiredService<IOptions<BudgetOptions>>().Value,
            provider.GetRequiredService<BudgetMetrics>(),
            provider.GetServices<IBudgetEvents>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresBudgetLedger>>(),
            intentsAreDurable: provider.GetRequiredService<IOptions<AuditOptions>>().Value.Durability == AuditDurability.Commit));
        services.AddSingleton<IBudgetLedger>(provider => provider.GetRequiredService<PostgresBudgetLedger>());
        services.AddSingleton<BudgetUpkeep>();
        return services;
    }
}
