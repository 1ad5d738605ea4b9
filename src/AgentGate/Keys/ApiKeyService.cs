using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Keys;

/// <summary>Makes, checks and revokes API keys. Thread-safe.</summary>
#pragma warning disable CA1001 // Nothing to dispose of: the wait handle of the semaphore is never asked for.
internal sealed partial class ApiKeyService(
    IApiKeyStore store, ApiKeyOptions options, TimeProvider time, IIdSource ids, ILogger<ApiKeyService> logger, IKnowledgeAge? age = null,
    IKeyOwners? owners = null)
    : IFollowChanges
#pragma warning restore CA1001
{
    /// <summary>The most questions to the store at once. Whoever knows no key can make up any number of them.</summary>
    private const int QuestionsMax = 16;

    /// <summary>How long a question may take, with waiting for its turn.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _questions = new(QuestionsMax, QuestionsMax);
    private readonly ConcurrentDictionary<string, Cached> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);
    private int _revocations;

    public string Topic => ChangeTopics.Keys;

    /// <summary>Makes a key. Its text is in the answer and nowhere else.</summary>
    /// <exception cref="ArgumentException">No name, no scope, an unknown scope, or an expiry in the past.</exception>
    /// <exception cref="PrincipalTakenException">The key has an owner, and somebody else's key authenticates the principal.</exception>
    public async Task<CreatedApiKey> CreateAsync(NewApiKey request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        RefuseNonsense(request, now);
        var (id, text, hash) = ApiKeyText.Create(ids);
        var key = new ApiKey
        {
            Id = id,
            Tenant = request.Tenant,
            PrincipalId = request.PrincipalId ?? "agent_" + ids.NewId().Replace("-", string.Empty, StringComparison.Ordinal),
            OwnerId = request.OwnerId,
            Name = request.Name,
            Scopes = [.. request.Scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            SecretHash = ImmutableArray.Create(hash),
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt,
        };
        if (key.OwnerId is null)
        {
            await store.AddAsync(key, cancellationToken);
        }
        else if (!await store.AddOwnedAsync(key, cancellationToken))
        {
            throw new PrincipalTakenException();
        }

        return new CreatedApiKey(key, text);
    }

    /// <summary>Who a key's text stands for, or <see langword="null"/> where it stands for nobody (any more).</summary>
    /// <exception cref="TimeoutException">The store did not answer in time, or too many others ask it: not an answer.</exception>
    /// <exception cref="Exception">The store failed: not an answer.</exception>
    public async ValueTask<Principal?> AuthenticateAsync(string text, CancellationToken cancellationToken)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        if (!ApiKeyText.TryParse(text, out var id, hash))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (!_cache.TryGetValue(id, out var cached) || now >= cached.Until || age?.IsTooOld is true)
        {
            // Whoever lost touch with the store believes nothing it found there before.
            cached = await LoadAsync(id, now, cancellationToken);
        }

        if (cached is null || !CryptographicOperations.FixedTimeEquals(cached.Key.SecretHash.AsSpan(), hash) || !cached.Key.IsGood(now))
        {
            return null;
        }

        var principal = cached.Key.OwnerId is { } ownerId ? await OwnedAsync(cached, ownerId, cancellationToken) : cached.Principal;
        if (principal is not null)
        {
            _used[id] = now;
        }

        return principal;
    }

    /// <summary>
    /// Whether a text that authenticated nobody is the text of a key that was found just now: it has ended, or its owner may do nothing any
    /// more. Who sends it guesses nothing.
    /// </summary>
    internal bool IsEnded(string text)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        return ApiKeyText.TryParse(text, out var id, hash)
            && _cache.TryGetValue(id, out var cached) && CryptographicOperations.FixedTimeEquals(cached.Key.SecretHash.AsSpan(), hash);
    }

    /// <summary>Revokes a key of a tenant, in this process at once, in the others of a cluster when they follow.</summary>
    /// <returns>Whether the tenant has such a key.</returns>
    public async Task<bool> RevokeAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var found = await store.RevokeAsync(tenant, id, time.GetUtcNow(), cancellationToken);
        Interlocked.Increment(ref _revocations);
        _cache.TryRemove(id, out _);
        return found;
    }

    /// <summary>Forgets every key it found before: one of them changed in another process.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _revocations);
        _cache.Clear();
        return Task.CompletedTask;
    }

    /// <summary>A tenant's keys, newest first.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken) => store.ListAsync(tenant, cancellationToken);

    /// <summary>The keys of one owner in a tenant, newest first.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken)
        => store.ListAsync(tenant, ownerId, cancellationToken);

    /// <summary>Stores when keys were last used. Called now and then; a failure is logged and tried again.</summary>
    public async Task FlushUsageAsync(CancellationToken cancellationToken)
    {
        var usage = _used.ToArray();
        if (usage.Length == 0)
        {
            return;
        }

        try
        {
            await store.StoreUsageAsync(usage, cancellationToken);
            foreach (var pair in usage)
            {
                // Only if it was not used again meanwhile.
                _used.TryRemove(pair);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.UsageNotStored(logger, exception, usage.Length);
        }
    }

    private static void RefuseNonsense(NewApiKey request, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Tenant);
        var unknown = request.Scopes.IsDefaultOrEmpty ? null : request.Scopes.FirstOrDefault(
            scope => !Scopes.All.Contains(scope) && !(scope == ApiKey.AllScopes && request.OwnerId is not null));
        var problem = string.IsNullOrWhiteSpace(request.Name) ? "a key needs a name."
            : request.Scopes.IsDefaultOrEmpty ? "a key needs at least one scope."
            : unknown is not null ? $"there is no scope '{unknown}'; the scopes are {string.Join(", ", Scopes.All.Order(StringComparer.Ordinal))}."
            : request.ExpiresAt <= now ? "the key would expire before it is made."
            : null;
        if (problem is not null)
        {
            throw new ArgumentException($"{Codes.KeyRequestInvalid}: {problem}", nameof(request));
        }
    }

    /// <summary>Whom a key of a user stands for now: nobody where its owner is gone, and no more than the owner.</summary>
    private async ValueTask<Principal?> OwnedAsync(Cached cached, string ownerId, CancellationToken cancellationToken)
    {
        if (owners is null || await owners.FindAsync(ownerId, cancellationToken) is not { } owner || owner.Tenant != cached.Key.Tenant)
        {
            return null;
        }

        if (cached.Owned is { } owned && ReferenceEquals(owned.Owner, owner))
        {
            return owned.Principal;
        }

        var principal = cached.Key.ToPrincipal(owner);
        cached.Owned = new Owned(owner, principal);
        return principal;
    }

    private async Task<Cached?> LoadAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A key that was read before a revocation must not enter the cache after it.
        var before = Volatile.Read(ref _revocations);
        if (await FindAsync(id, cancellationToken) is not { } key)
        {
            return null;
        }

        var loaded = new Cached(key, key.ToPrincipal(), now + options.CacheFor);
        if (_cache.Count >= options.CacheCapacity)
        {
            Evict(now);
        }

        if (_cache.Count < options.CacheCapacity)
        {
            _cache[id] = loaded;
            if (before != Volatile.Read(ref _revocations))
            {
                _cache.TryRemove(id, out _);
            }
        }

        return loaded;
    }

    /// <summary>Asks the store, few at a time: keys nobody made must not take every connection from what keeps the server going.</summary>
    private async Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _questions.WaitAsync(either.Token);
            try
            {
                return await store.FindAsync(id, either.Token);
            }
            finally
            {
                _questions.Release();
            }
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The store of the keys did not answer in time.", late);
        }
    }

    private void Evict(DateTimeOffset now)
    {
        foreach (var pair in _cache.Where(p => now >= p.Value.Until))
        {
            _cache.TryRemove(pair);
        }
    }

    private sealed record Cached(ApiKey Key, Principal Principal, DateTimeOffset Until)
    {
        /// <summary>What the key came to with its owner as it was: worked out again when the owner changed. Read and written whole.</summary>
        public Owned? Owned { get; set; }
    }

    private sealed record Owned(KeyOwner Owner, Principal Principal);

    private static partial class Log
    {
        [LoggerMessage(6004, LogLevel.Warning, "AG6004: when {Count} keys were last used could not be stored; it is tried again.")]
        public static partial void UsageNotStored(ILogger logger, Exception exception, int count);
    }
}
