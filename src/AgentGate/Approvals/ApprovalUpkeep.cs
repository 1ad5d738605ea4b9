using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Approvals;

/// <summary>Lets lapse what nobody decided or used in time, and puts on record what a process that ended did not.</summary>
internal sealed partial class ApprovalUpkeep(
    IApprovalStore store, ApprovalDesk desk, ApprovalRecords records, IOptions<ApprovalOptions> options, TimeProvider time, ILogger<ApprovalUpkeep> logger)
{
    private const int PageSize = 100;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    /// <summary>One round. Throws when the store fails.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var due in await store.DueAsync(time.GetUtcNow(), PageSize, cancellationToken))
        {
            var lapsed = await desk.LapsedAsync(due, cancellationToken);
            if (!lapsed.IsRecorded && time.GetUtcNow() - s_every > LastActOf(lapsed))
            {
                // Whoever acts records it at once; what is older than that was left behind.
                await records.RecordAsync(lapsed, entryId: null, cancellationToken);
            }
        }

        await store.PurgeAsync(time.GetUtcNow() - options.Value.KeepFor, cancellationToken);
    }

    /// <summary>Sweeps until it is cancelled. What fails is tried again.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, failure.GetType().FullName, failure.StackTrace);
            }
        }
    }

    private static DateTimeOffset LastActOf(Approval approval)
        => approval.Lapse?.At ?? (approval.Votes.IsEmpty ? approval.CreatedAt : approval.Votes[^1].At);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2513, Level = LogLevel.Warning, Message = "Approvals that are due could not be read or stored ({Failure}); it is tried again. {Stack}")]
        public static partial void Failed(ILogger logger, string? failure, string? stack);
    }
}
