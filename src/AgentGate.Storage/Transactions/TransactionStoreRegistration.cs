using AgentGate.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Transactions;

/// <summary>Registers the store of transactions: written once, for both profiles.</summary>
internal static class TransactionStoreRegistration
{
    public static IServiceCollection AddTransactionStore(this IServiceCollection services) => services.AddSingleton<ITransactionStore, EfTransactionStore>();
}
