using System.Diagnostics.CodeAnalysis;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// Rotates keys while no server runs: the new key goes into its file, then every log says so in one transaction, then the new key
/// is used. A rotation cut off in the middle is finished or given up at the next start, by what the logs say.
/// </summary>
internal sealed class KeyRotator(
    IAuditLog log, FileLogKeySource chain, FileSigningKeys signing, LogTrees trees, AuditOptions options, IIdSource ids, TimeProvider time, ILogger<KeyRotator> logger)
{
    /// <summary>Rotates.</summary>
    /// <param name="rotateChain">Whether the chain key changes.</param>
    /// <param name="rotateSigning">Whether the signing key changes, to one of the configured algorithm.</param>
    /// <param name="algorithm">That algorithm.</param>
    /// <param name="next">The next signing key from the environment, if set.</param>
    /// <param name="cancellationToken">Gives up before anything was written.</param>
    /// <returns>What changed, old id and new id.</returns>
    /// <exception cref="InvalidOperationException">A key cannot be rotated; the message says what to do.</exception>
    public async Task<IReadOnlyList<(LogKeyRole Role, string Old, string New)>> RotateAsync(
        bool rotateChain, bool rotateSigning, SignatureAlgorithm algorithm, string? next, CancellationToken cancellationToken)
    {
        if (log is ISharedAuditLog shared && await shared.CountOthersAsync(cancellationToken) is > 0 and var others)
        {
            throw new InvalidOperationException(
                $"{Codes.RotationRefused}: {others} other servers append to these logs. Stop them all; one that was killed counts until its lease ends ({options.InstanceLease}).");
        }

        await CompleteAsync(cancellationToken);
        var writer = new LogWriter(log, chain, trees, signing, options.DurabilityWord, logger);
        await writer.LoadHeadsAsync(cancellationToken);

        var at = time.GetUtcNow();
        var statements = new List<KeyRotation>();
        if (rotateSigning)
        {
            statements.Add(KeyRotation.OfSigning(signing.Current, signing.Prepare(algorithm, next, ids), at));
        }

        // The chain's comes last: the entry after it has to be made with the new key.
        if (rotateChain)
        {
            statements.Add(KeyRotation.OfChain(chain.Current.Id, chain.Prepare(ids).Id, at));
        }

        var pending = writer.Tenants.SelectMany(tenant => statements.Select(statement => Entry(tenant, statement))).ToList();
        if (pending.Count > 0)
        {
            await writer.WriteAsync(pending, CancellationToken.None);
            await log.FlushAsync(CancellationToken.None);
        }

        Promote(rotateChain, rotateSigning);
        return [.. statements.Select(statement => (statement.Role, statement.Old, statement.New))];
    }

    /// <summary>Finishes a rotation that was cut off, where the logs already speak of it; gives it up where they do not.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (chain.Pending is null && signing.Pending is null)
        {
            return;
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in await log.ReadLogsAsync(cancellationToken))
        {
            // Nothing was appended after them: whoever rotates holds the state directory, and this runs before anything else.
            await foreach (var entry in log.ReadChainAsync(stored.Tenant, Math.Max(1, stored.LastSeq - 1), null, cancellationToken))
            {
                if (TryRead(entry, out var rotation))
                {
                    named.Add(rotation.New);
                }
            }
        }

        var (chainSaid, signingSaid) = (chain.Pending is { } c && named.Contains(c.Id), signing.Pending is { } s && named.Contains(s.Id));
        Promote(chainSaid, signingSaid);
        if (chain.Pending is not null)
        {
            chain.DropPending();
        }

        if (signing.Pending is not null)
        {
            signing.DropPending();
        }
    }

    private static bool TryRead(StoredEntry entry, [NotNullWhen(true)] out KeyRotation? rotation)
    {
        rotation = null;
        try
        {
            var body = LogEntryParser.Parse(entry.Canonical.Span).Body;
            return body is { Kind: EntryKind.Admin, Action: KeyRotation.Action } && KeyRotation.TryParse(body.Statement, out rotation, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Promote(bool chainKey, bool signingKey)
    {
        if (signingKey)
        {
            signing.Promote();
        }

        if (chainKey)
        {
            chain.Promote();
        }
    }

    private PendingEntry Entry(string tenant, KeyRotation statement) => new(new DecisionRecord(new LogEntryBody
    {
        Id = ids.NewId(),
        Kind = EntryKind.Admin,
        At = statement.At,
        Tenant = tenant,
        Principal = "server",
        Action = KeyRotation.Action,
        Statement = statement.ToText(),
    }));
}
