using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>
/// Takes over what other processes appended to a locked log. What they appended must follow, under the key this process chains with,
/// from what it knows: a process with another key, or another copy of the log, appends nothing. Not thread-safe: the writer owns it.
/// </summary>
internal sealed class LogCatchUp(IAuditLog log, ILogKeySource keys, LogTrees? trees)
{
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    /// <summary>Nothing is known for certain any more.</summary>
    public void Forget() => _checked.Clear();

    /// <summary>What to ask for. Of a log not yet looked at its last entry is read again: it says which key it was chained with.</summary>
    public LogPosition PositionOf(string tenant, ChainHead known)
        => new(tenant, _checked.Contains(tenant) ? known.Seq : Math.Max(0, known.Seq - 1));

    /// <summary>Brings the tree up to where the log stands.</summary>
    /// <exception cref="AuditUnavailableException">The log is not the one this process knows, or is chained with another key.</exception>
    public async ValueTask TakeAsync(LogGrowth growth, ChainHead known, CancellationToken cancellationToken)
    {
        if (growth.Head.Seq < known.Seq)
        {
            throw new AuditUnavailableException(
                Codes.LogWentBack, $"the database has {growth.Head.Seq} entries of a log this server knows {known.Seq} of: entries are gone. docs/log.md says what to do.");
        }

        var followed = Follow(growth, known);
        if (!growth.IsWhole)
        {
            await LeapAsync(growth, cancellationToken);
        }
        else if (followed.Count > 0)
        {
            trees?.TakeOver(growth.Tenant, followed);
        }

        _checked.Add(growth.Tenant);
    }

    /// <summary>The entries behind the known head, verified.</summary>
    private List<StoredEntry> Follow(LogGrowth growth, ChainHead known)
    {
        var verifier = new ChainVerifier(growth.Tenant, id => id == keys.Current.Id ? keys.Current : null, known, growth.IsWhole ? growth.Head : null);
        var followed = new List<StoredEntry>(growth.Entries.Count);
        foreach (var entry in growth.Entries)
        {
            if (entry.Seq == known.Seq)
            {
                RefuseOtherKey(entry);
                continue;
            }

            if (!verifier.Add(entry.Seq, entry.Canonical.Span, entry.Hash.Span))
            {
                break;
            }

            followed.Add(entry);
        }

        return verifier.Complete() switch
        {
            { Reason: ChainBreak.UnknownKey } => throw OtherKey(),
            { Valid: true } when followed.Count > 0 || growth.Head == known => followed,
            _ => throw new AuditUnavailableException(
                Codes.LogNotTheSame, "what other servers appended to a log does not follow from what this one knows of it. Run agentgate log fsck; docs/log.md says what to do."),
        };
    }

    /// <summary>Too much to hash one by one: the tree is taken from its tiles, and the last entry says which key is in use.</summary>
    private async ValueTask LeapAsync(LogGrowth growth, CancellationToken cancellationToken)
    {
        await foreach (var last in log.ReadChainAsync(growth.Tenant, growth.Head.Seq, null, cancellationToken))
        {
            RefuseOtherKey(last);
        }

        if (trees is not null)
        {
            await trees.RestoreOneAsync(new StoredLog(growth.Tenant, ChainHead.Genesis, growth.Head, growth.Head.Seq), cancellationToken);
        }
    }

    private void RefuseOtherKey(StoredEntry entry)
    {
        try
        {
            var parsed = LogEntryParser.Parse(entry.Canonical.Span);
            var isNext = KeyRotation.TryParse(parsed.Body.Statement, out var rotation, out _)
                && rotation.Role == LogKeyRole.Chain && rotation.Old == parsed.KeyId && rotation.New == keys.Current.Id;
            if (parsed.KeyId == keys.Current.Id || isNext)
            {
                return;
            }
        }
        catch (FormatException)
        {
            // An entry nobody can read names no key: whoever spoiled it must not stop the log, and verifying finds it.
            return;
        }

        throw OtherKey();
    }

    private static AuditUnavailableException OtherKey() => new(
        Codes.LogKeysDiffer,
        "this server's chain key is not the one the log was continued with. All servers of a cluster need the same log.key or "
        + FileLogKeySource.EnvironmentName + "; restart this one with it.");
}
