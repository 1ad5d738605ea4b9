using AgentGate.Audit;
using AgentGate.Pipeline;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>One append in its transaction. Not thread-safe.</summary>
internal sealed class PostgresAppend(PostgresAppender appender, NpgsqlConnection connection, long session, LockedLogs locked) : ISharedAppend
{
    private bool _isStored;
    private bool _isBroken;
    private bool _isEnded;

    /// <inheritdoc />
    public IReadOnlyList<LogGrowth> Logs => locked.Logs;

    /// <inheritdoc />
    public long Session => session;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<int>> FindMissingAsync(IReadOnlyList<LogMark> entries, CancellationToken cancellationToken)
    {
        _isBroken = true;
        var missing = await PostgresAppender.FindMissingAsync(connection, entries, cancellationToken);
        _isBroken = false;
        return missing;
    }

    /// <inheritdoc />
    public bool IsOpen(string tenant, string callId) => locked.Open.Contains((tenant, callId));

    /// <inheritdoc />
    public async ValueTask ExtendAsync(IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken)
    {
        var request = AppendRequest.Of([], records);
        if (request.Calls.Count + request.Subjects.Count > 0)
        {
            _isBroken = true;
            await PostgresAppender.LookUpAsync(connection, locked, request, cancellationToken);
            _isBroken = false;
        }
    }

    /// <inheritdoc />
    public async ValueTask CommitAsync(AuditBatch batch, CancellationToken cancellationToken)
    {
        RefuseGaps(batch);
        _isBroken = true;
        await appender.CommitAsync(connection, locked, batch, cancellationToken);
        (_isBroken, _isStored) = (false, true);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            await appender.EndAsync(connection, _isStored, _isBroken);
        }
    }

    /// <summary>The lock makes the head the truth: what does not follow from it was chained on something else.</summary>
    private void RefuseGaps(AuditBatch batch)
    {
        foreach (var log in batch.Entries.GroupBy(static entry => entry.Body.Tenant, StringComparer.Ordinal))
        {
            var expected = (locked.Logs.FirstOrDefault(known => known.Tenant == log.Key)?.Head.Seq ?? 0) + 1;
            if (log.Any(entry => entry.Head.Seq != expected++))
            {
                throw new InvalidOperationException("An entry with this number exists, one before it is missing, or its log is not locked.");
            }
        }
    }
}
