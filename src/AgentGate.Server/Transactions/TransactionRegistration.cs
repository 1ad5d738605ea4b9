namespace AgentGate.Server.Transactions;

/// <summary>Registers what a server does about transactions; the gate brings the rest.</summary>
internal static class TransactionRegistration
{
    public static IServiceCollection AddTransactionResuming(this IServiceCollection services) => services.AddHostedService<TransactionService>();
}
