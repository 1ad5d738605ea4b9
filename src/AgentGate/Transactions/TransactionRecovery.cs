using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Transactions;

/// <summary>Rolls back what processes left that ended. Leases see to it that one process alone does. Thread-safe.</summary>
internal sealed partial class TransactionRecovery(TransactionDesk desk, ITransactionStore store, ILogger<TransactionRecovery> logger)
{
    /// <summary>So many are taken at a time.</summary>
    private const int ClaimMax = 16;

    /// <summary>Rolls back everything that can be taken over now, and deletes what was kept long enough.</summary>
    /// <exception cref="Exception">The store failed. What was taken over is another's when the lease ends.</exception>
    public async Task<IReadOnlyList<TransactionReport>> RunAsync(Gate gate, CancellationToken cancellationToken)
    {
        AmbientTransaction.Clear();
        var reports = new List<TransactionReport>();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = desk.Time.GetUtcNow();
            var taken = await store.ClaimAsync(desk.Owner, now, now + desk.Options.Lease, ClaimMax, (steps, since) => Takes(steps, now - since), cancellationToken);
            foreach (var tree in taken)
            {
                desk.Hold(tree.Root.Id, DateTimeOffset.MaxValue);
            }

            foreach (var tree in taken)
            {
                try
                {
                    reports.Add(await RollBackAsync(gate, tree));
                }
                finally
                {
                    desk.Release(tree.Root.Id);
                }
            }

            if (taken.Count < ClaimMax)
            {
                await store.PurgeAsync(now - desk.Options.Retention, cancellationToken);
                return reports;
            }
        }
    }

    /// <summary>A process that lacks a compensation leaves the transaction to one that has it, for a while.</summary>
    private bool Takes(IReadOnlyList<StoredStep> steps, TimeSpan waited)
    {
        if (steps.All(step => step.IsSettled() || step.Compensation is null || desk.Registry.Of(step) is not null))
        {
            return true;
        }

        if (waited < desk.Options.RegistrationPatience)
        {
            return false;
        }

        Log.NotRegistered(logger, Codes.CompensationNotRegistered, steps[0].RootId, waited);
        return true;
    }

    private async Task<TransactionReport> RollBackAsync(Gate gate, TransactionTree tree)
    {
        var lease = tree.Lease!;
        string[] open = [.. tree.Inner.Prepend(tree.Root).Where(one => one.State is TransactionState.Active or TransactionState.RollingBack).Select(one => one.Id)];
        var begun = await desk.Journal.MoveAsync(open, TransactionState.RollingBack, desk.Time.GetUtcNow(), lease);
        var lines = ImmutableArray.CreateBuilder<StepReport>();
        foreach (var step in tree.Steps.Where(step => open.Contains(step.TransactionId)).OrderByDescending(step => step.Seq))
        {
            lines.Add(begun is JournalResult.Written
                ? await desk.Undo.RunAsync(gate, step, desk.Registry.Of(step), lease)
                : StepRules.Report(step, StepEnding.Deferred) with { Code = Codes.TransactionStoreLost });
        }

        var report = new TransactionReport(tree.Root.Id, tree.Root.Name, lines.ToImmutable()) { WasResumed = true };
        if (!report.Steps.Any(step => step.Ending is StepEnding.Deferred))
        {
            var state = report.IsComplete ? TransactionState.RolledBack : TransactionState.NotUndone;
            await desk.Acts.AppendAsync(tree.Root, TransactionActs.RolledBack, TransactionWords.Of(state), TransactionFailedException.CodeOf(report));
            await desk.Journal.MoveAsync(open, state, desk.Time.GetUtcNow(), lease);
        }

        await desk.ToldAsync(tree.Root, report);
        return report;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2407, Level = LogLevel.Error, Message = "{Code}: no process registered the compensations of transaction {TransactionId} for {Waited}; what is left of it is reported.")]
        public static partial void NotRegistered(ILogger logger, string code, string transactionId, TimeSpan waited);
    }
}
