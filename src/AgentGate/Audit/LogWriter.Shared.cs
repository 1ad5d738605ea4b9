using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <content>Writing to a log that other processes append to as well.</content>
internal sealed partial class LogWriter
{
    /// <summary>The same behind whatever other processes appended meanwhile.</summary>
    private async ValueTask WriteSharedAsync(
        ISharedAuditLog shared, List<PendingEntry> pending, Action<List<PendingEntry>, HashSet<string>>? more, CancellationToken cancellationToken)
    {
        var tenants = pending.Select(item => item.Entry.Tenant).ToHashSet(StringComparer.Ordinal);
        var logs = tenants
            .Select(tenant => _catchUp.PositionOf(tenant, HeadOf(tenant) ?? ChainHead.Genesis)).ToList();
        _step = Step.Asking;
        _batch.Clear();
        await using var append = await shared.BeginAsync(logs, [.. pending.Select(item => item.Record)], cancellationToken);
        _step = Step.Chaining;
        await LookForLostAsync(append, pending, cancellationToken);
        await TakeOverAsync(append.Logs, cancellationToken);

        // Whoever waited for its turn has more by now, and a turn costs as much for one entry as for many.
        var first = pending.Count;
        more?.Invoke(pending, tenants);
        if (pending.Count > first)
        {
            await append.ExtendAsync([.. pending.Skip(first).Select(item => item.Record)], cancellationToken);
        }

        RefuseLate(pending, append);
        if (pending.Count == 0)
        {
            return;
        }

        Chain(pending);
        Seal();
        GrowTrees();
        _batch.ToDisk = doubt is { IsFull: true } || pending.Exists(static item => item.Lost is not null);
        _step = Step.Storing;
        await append.CommitAsync(_batch, cancellationToken);
        doubt?.Stored(_batch);
        Advance(_batch.Heads);
        trees?.Commit(_batch.Heads.Keys);
    }

    /// <summary>Asks a shared log whether what was acknowledged is still there, and for the disk.</summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        if (_shared is null || doubt is null)
        {
            return;
        }

        _step = Step.Asking;
        _batch.Clear();
        await using var append = await _shared.BeginAsync([], [], cancellationToken);
        await LookForLostAsync(append, [], cancellationToken);
        _batch.ToDisk = true;
        _step = Step.Storing;
        await append.CommitAsync(_batch, cancellationToken);
        doubt.Stored(_batch);
    }

    /// <summary>What a store that broke down lost, before anything is built upon it; and what was told of it already is not told twice.</summary>
    private async ValueTask LookForLostAsync(ISharedAppend append, List<PendingEntry> pending, CancellationToken cancellationToken)
    {
        if (doubt is null)
        {
            return;
        }

        var (intents, outcomes) = await doubt.LookUpAsync(append, cancellationToken);
        if (intents + outcomes > 0)
        {
            metrics?.Lost(intents, outcomes);
            Log.Lost(logger, intents, outcomes);
        }

        var tried = pending.Where(static item => item.Lost?.Tried is not null).ToList();
        var missing = tried.Count == 0 ? [] : await append.FindMissingAsync([.. tried.Select(static item => item.Lost!.Tried!.Value)], cancellationToken);
        foreach (var told in tried.Where((_, index) => !missing.Contains(index)))
        {
            pending.Remove(told);
            told.TrySetResult(null);
        }
    }

    /// <summary>What others appended, as far as it follows. Head and tree of a tenant go together, whatever is wrong with the next one.</summary>
    private async ValueTask TakeOverAsync(IReadOnlyList<LogGrowth> logs, CancellationToken cancellationToken)
    {
        var taken = new List<KeyValuePair<string, ChainHead>>();
        try
        {
            foreach (var growth in logs)
            {
                await _catchUp.TakeAsync(growth, HeadOf(growth.Tenant) ?? ChainHead.Genesis, cancellationToken);
                if (growth.Head.Seq > 0)
                {
                    taken.Add(KeyValuePair.Create(growth.Tenant, growth.Head));
                }
            }
        }
        finally
        {
            Advance(taken);
        }
    }

    /// <summary>
    /// An outcome whose call is no longer open comes too late: somebody took this process for ended and wrote <c>unknown</c>. A call
    /// has one outcome, and that one stands.
    /// </summary>
    private void RefuseLate(List<PendingEntry> pending, ISharedAppend append)
    {
        var opened = new HashSet<(string, string)>();
        var closed = new HashSet<(string, string)>();
        pending.RemoveAll(item =>
        {
            if (item.Entry is not { CallId: { } call, Tenant: var tenant, Kind: EntryKind.Intent or EntryKind.Outcome })
            {
                return false;
            }

            if (item.Entry.Kind == EntryKind.Intent)
            {
                opened.Add((tenant, call));
                return false;
            }

            if ((item.Lost is { IsIntentLost: true } || opened.Contains((tenant, call)) || append.IsOpen(tenant, call)) && closed.Add((tenant, call)))
            {
                return false;
            }

            Log.TooLate(logger);
            item.TrySetException(new AuditUnavailableException(Codes.OutcomeTooLate, "the call is not open: it was closed as unknown when this server seemed to have ended, or the database lost its intent."));
            return true;
        });
    }

    private static partial class Log
    {
        [LoggerMessage(4052, LogLevel.Warning, "AG4052: an outcome came after its call had been closed as unknown, or its intent was lost; the answer is withheld.")]
        public static partial void TooLate(ILogger logger);

        [LoggerMessage(4058, LogLevel.Critical, "AG4058: the database broke down and lost {Intents} intents and {Outcomes} outcomes that it had taken. An entry for each of their calls says so.")]
        public static partial void Lost(ILogger logger, int intents, int outcomes);
    }
}
