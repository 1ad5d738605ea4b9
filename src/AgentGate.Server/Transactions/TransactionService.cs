using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Transactions;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Transactions;

/// <summary>Rolls back what processes left that ended in the middle of a transaction: at the start, and every now and then.</summary>
internal sealed partial class TransactionService(
    Gate gate, TransactionRecovery recovery, IOptions<TransactionsOptions> options, TimeProvider time, ILogger<TransactionService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ResumeInterval, time);
        try
        {
            do
            {
                await ResumeAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; another one, or the next, goes on.
        }
    }

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await recovery.RunAsync(gate, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.NotResumed(logger, Codes.TransactionStoreLost, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2413, LogLevel.Error, "{Code}: what processes left could not be rolled back; it is tried again.")]
        public static partial void NotResumed(ILogger logger, string code, Exception failure);
    }
}
