using System.Collections.Immutable;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Pii.Vault;

/// <summary>The vault of one process without a store: what it holds dies with the process.</summary>
internal sealed class InMemoryPiiVault(IOptions<PiiVaultOptions> options, TimeProvider time, IIdSource ids) : IPiiVault
{
    private const int PurgeFrom = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<PiiSessionKey, Session> _sessions = [];
    private readonly Dictionary<(string Tenant, string Owner, string ResponseId), PiiResponseLink> _links = [];
    private int _purgeAt = PurgeFrom;

    public ValueTask<PiiAllocation?> TokenizeAsync(
        PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var found = Find_NeedsLock(session);
            if (found is null)
            {
                if (!create)
                {
                    return ValueTask.FromResult<PiiAllocation?>(null);
                }

                if (_sessions.Count >= _purgeAt)
                {
                    // Nobody else may ever ask for a purge; doubling keeps the cost of it constant per session.
                    Purge_NeedsLock();
                    _purgeAt = Math.Max(PurgeFrom, 2 * _sessions.Count);
                }

                var key = new byte[32];
                ids.Fill(key);
                found = new Session(key);
                _sessions.Add(session, found);
            }

            found.ExpiresAt = time.GetUtcNow() + options.Value.SessionTtl;
            var tokens = ImmutableArray.CreateRange(values, static (value, numbers) => numbers.TokenOf(value), found.Numbers);
            return ValueTask.FromResult<PiiAllocation?>(new PiiAllocation(tokens, found.BindingKey));
        }
    }

    public ValueTask<ImmutableArray<string?>> ReadAsync(
        PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var found = Find_NeedsLock(session);
            return ValueTask.FromResult(ImmutableArray.CreateRange(tokens, token => found?.Numbers.TextOf(token)));
        }
    }

    public ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (Find_NeedsLock(link.Session) is not { } found)
            {
                return ValueTask.FromResult(false);
            }

            found.ExpiresAt = time.GetUtcNow() + options.Value.SessionTtl;
            _links[(link.Session.Tenant, link.Session.Owner, link.ResponseId)] = link;
            found.Responses.Add(link.ResponseId);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<PiiResponseLink?> FindLinkAsync(
        string tenant, string owner, string responseId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var link = _links.GetValueOrDefault((tenant, owner, responseId));
            return ValueTask.FromResult(link is not null && Find_NeedsLock(link.Session) is not null ? link : null);
        }
    }

    public ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Remove_NeedsLock(session);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(Purge_NeedsLock());
        }
    }

    private Session? Find_NeedsLock(PiiSessionKey key)
    {
        if (_sessions.TryGetValue(key, out var session) && session.ExpiresAt <= time.GetUtcNow())
        {
            Remove_NeedsLock(key);
            return null;
        }

        return session;
    }

    private int Purge_NeedsLock()
    {
        var now = time.GetUtcNow();
        PiiSessionKey[] expired = [.. _sessions.Where(pair => pair.Value.ExpiresAt <= now).Select(pair => pair.Key)];
        foreach (var session in expired)
        {
            Remove_NeedsLock(session);
        }

        return expired.Length;
    }

    private void Remove_NeedsLock(PiiSessionKey key)
    {
        if (!_sessions.Remove(key, out var session))
        {
            return;
        }

        foreach (var response in session.Responses)
        {
            // The same response may have been linked to another session of this owner since.
            if (_links.TryGetValue((key.Tenant, key.Owner, response), out var link) && link.Session == key)
            {
                _links.Remove((key.Tenant, key.Owner, response));
            }
        }
    }

    private sealed class Session(byte[] bindingKey)
    {
        public TokenNumbers Numbers { get; } = new();

        public byte[] BindingKey { get; } = bindingKey;

        public HashSet<string> Responses { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;
    }
}
