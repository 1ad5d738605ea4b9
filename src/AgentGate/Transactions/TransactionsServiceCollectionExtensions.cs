using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Transactions;

/// <summary>Registers the slice.</summary>
internal static class TransactionsServiceCollectionExtensions
{
    /// <summary>Adds transactions, kept in memory unless another <see cref="ITransactionStore"/> is registered.</summary>
    public static IServiceCollection AddTransactions(this IServiceCollection services)
    {
        services.AddOptions<TransactionsOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TransactionsOptions>, TransactionsOptionsValidator>());
        services.TryAddSingleton<TransactionMetrics>();
        services.TryAddSingleton<CompensationRegistry>();
        services.TryAddSingleton<ITransactionStore, InMemoryTransactionStore>();
        services.TryAddSingleton(provider => new TransactionJournal(
            provider.GetRequiredService<ITransactionStore>(), provider.GetRequiredService<TransactionMetrics>(), Logger<TransactionJournal>(provider)));
        services.TryAddSingleton(provider => new TransactionActs(
            provider.GetRequiredService<IDecisionRecorder>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            Logger<TransactionActs>(provider)));
        services.TryAddSingleton<StepUndo>();
        services.TryAddSingleton(provider => new TransactionDesk(
            provider.GetRequiredService<TransactionJournal>(),
            provider.GetRequiredService<CompensationRegistry>(),
            provider.GetRequiredService<TransactionActs>(),
            provider.GetRequiredService<StepUndo>(),
            provider.GetRequiredService<IOptions<TransactionsOptions>>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<TransactionMetrics>(),
            Logger<TransactionDesk>(provider),
            provider.GetService<IAlerts>()));
        services.TryAddSingleton(provider => new TransactionRecovery(
            provider.GetRequiredService<TransactionDesk>(), provider.GetRequiredService<ITransactionStore>(), Logger<TransactionRecovery>(provider)));
        return services;
    }

    private static ILogger<T> Logger<T>(IServiceProvider provider) => provider.GetService<ILogger<T>>() ?? NullLogger<T>.Instance;
}
