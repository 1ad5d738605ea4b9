using AgentGate.Budgets;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the budgets.</summary>
internal static class BudgetsServiceCollectionExtensions
{
    /// <summary>Adds the guard, its prices and its ledger. Without a store the ledger lives as long as the process.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        services.TryAddSingleton<BudgetMetrics>();
        services.TryAddSingleton(provider => new PriceBook(provider.GetRequiredService<IOptions<BudgetOptions>>().Value));
        services.TryAddSingleton(provider => new RuleSet(provider.GetRequiredService<IOptions<BudgetOptions>>().Value));
        services.TryAddSingleton<IBudgetLedger>(provider => new BudgetLedger(
            provider.GetRequiredService<RuleSet>(),
            provider.GetRequiredService<IOptions<BudgetOptions>>().Value,
            provider.GetService<IBudgetStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<BudgetMetrics>(),
            provider.GetServices<IBudgetEvents>(),
            provider.GetService<ILogger<BudgetLedger>>() ?? NullLogger<BudgetLedger>.Instance));
        services.AddSingleton(provider => new GuardDescriptor("Budgets", GuardOrder.Budgets)
        {
            Request = new BudgetsGuard(
                provider.GetRequiredService<PriceBook>(),
                provider.GetRequiredService<RuleSet>(),
                provider.GetRequiredService<IBudgetLedger>(),
                provider.GetRequiredService<IOptions<BudgetOptions>>().Value,
                provider.GetRequiredService<BudgetMetrics>(),
                provider.GetService<ILogger<CallCharge>>() ?? NullLogger<CallCharge>.Instance),
        });
        return services;
    }
}
