using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Begins, finds and ends sign-in sessions. What it finds it believes until something changes: in this process at once, in another within a
/// second, and while nobody can say what changed, not at all.
/// </summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // Nothing to dispose of: the wait handle of the semaphore is never asked for.
internal sealed class SignIns : ISignIns, IFollowChanges
#pragma warning restore CA1001
{
    /// <summary>The claim that names the sign-in session in a circuit.</summary>
    public const string IdClaim = "agentgate:sign-in";

    private const int CacheCapacity = 20_000;
    private const int QuestionsMax = 16;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly IUserDirectory _users;
    private readonly ISignInSessionStore _sessions;
    private readonly IPiiPermissionStore _permissions;
    private readonly IPasskeys _passkeys;
    private readonly IIdSource _ids;
    private readonly TimeProvider _time;
    private readonly SignInOptions _options;
    private readonly IKnowledgeAge? _age;
    private readonly SemaphoreSlim _questions = new(QuestionsMax, QuestionsMax);
    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _active = new(StringComparer.Ordinal);
    private int _changes;

    public SignIns(
        IUserDirectory users, ISignInSessionStore sessions, IPiiPermissionStore permissions, IPasskeys passkeys, IdentityChanges changes, IIdSource ids, TimeProvider time,
        IOptions<SignInOptions> options, IKnowledgeAge? age = null)
    {
        (_users, _sessions, _permissions, _passkeys, _ids, _time, _options, _age) = (users, sessions, permissions, passkeys, ids, time, options.Value, age);
        changes.Changed += Forget;
    }

    public string Topic => ChangeTopics.Identity;

    /// <summary>Begins a session.</summary>
    /// <returns>The session, and the secret of its cookie or its first refresh token.</returns>
    public async Task<(SignInSession Session, string Secret)> BeginAsync(
        User user, string kind, Assurance assurance, ImmutableArray<string> methods, ActOrigin origin, CancellationToken cancellationToken, ImmutableArray<string> scopes = default, DateTimeOffset? provedAt = null)
    {
        var (secret, now) = (IdentitySecrets.Create(_ids), _time.GetUtcNow());
        var session = new SignInSession
        {
            Id = _ids.NewId(),
            Tenant = user.Tenant,
            UserId = user.Id,
            Kind = kind,
            SecretDigest = IdentitySecrets.DigestOf(secret),
            Assurance = assurance,
            Methods = methods,
            Scopes = scopes,
            Origin = origin,
            CreatedAt = now,
            AuthenticatedAt = provedAt is { } proved && proved < now ? proved : now,
            LastActiveAt = now,
            ExpiresAt = now + (kind == SignInKinds.Cookie ? _options.CookieSession : _options.TokenSession),
        };
        await _sessions.AddAsync(session, cancellationToken);
        return (session, secret);
    }

    /// <summary>The good session of a cookie, or <see langword="null"/>.</summary>
    public ValueTask<SignedIn?> FindByCookieAsync(string? secret, CancellationToken cancellationToken)
    {
        if (!IdentitySecrets.IsOne(secret))
        {
            return ValueTask.FromResult<SignedIn?>(null);
        }

        var digest = IdentitySecrets.DigestOf(secret!);
        return FindAsync("cookie:" + digest, async token => await _sessions.FindBySecretAsync(digest, token) is { Kind: SignInKinds.Cookie } session ? session : null, cancellationToken);
    }

    /// <summary>The good session of an id, or <see langword="null"/>.</summary>
    public ValueTask<SignedIn?> FindAsync(string sessionId, CancellationToken cancellationToken)
        => FindAsync("id:" + sessionId, token => _sessions.FindAsync(sessionId, token), cancellationToken);

    /// <summary>Ends a session.</summary>
    public Task EndAsync(SignInSession session, string why, CancellationToken cancellationToken)
        => _sessions.EndAsync(session.Tenant, session.UserId, session.Id, why, _time.GetUtcNow(), cancellationToken);

    public async ValueTask<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        => user.FindFirst(IdClaim)?.Value is { } id && await FindAsync(id, cancellationToken) is not null;

    /// <summary>Stores when sessions were last active. Called now and then.</summary>
    public async Task FlushActivityAsync(CancellationToken cancellationToken)
    {
        if (_active.ToArray() is { Length: > 0 } activity)
        {
            await _sessions.StoreActivityAsync(activity, cancellationToken);
            foreach (var pair in activity)
            {
                // Only if it was not active again meanwhile.
                _active.TryRemove(pair);
            }
        }
    }

    /// <summary>Forgets what it found before: something changed in another process.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    private void Forget()
    {
        Interlocked.Increment(ref _changes);
        _found.Clear();
    }

    private async ValueTask<SignedIn?> FindAsync(string key, Func<CancellationToken, Task<SignInSession?>> find, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (!_found.TryGetValue(key, out var found) || now >= found.Until || _age?.IsTooOld is true)
        {
            // Whoever lost touch with the store believes nothing it found there before.
            found = await LoadAsync(key, find, now, cancellationToken);
        }

        if (found?.SignedIn is not { } signedIn || !signedIn.Session.IsGood(now) || !signedIn.User.IsActive)
        {
            return null;
        }

        _active[signedIn.Session.Id] = now;
        return signedIn.At(now);
    }

    private async Task<Found> LoadAsync(string key, Func<CancellationToken, Task<SignInSession?>> find, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What was read before a change must not be kept after it.
        var before = Volatile.Read(ref _changes);
        var found = new Found(await AskAsync(find, cancellationToken), now + _options.CacheFor);
        if (found.SignedIn is null)
        {
            // Whoever knows no session can make up any number of ids.
            return found;
        }

        if (_found.Count >= CacheCapacity)
        {
            _found.Clear();
        }

        _found[key] = found;
        if (before != Volatile.Read(ref _changes))
        {
            _found.TryRemove(key, out _);
        }

        return found;
    }

    /// <summary>Asks the store within a deadline, and not without bound at once.</summary>
    private async Task<SignedIn?> AskAsync(Func<CancellationToken, Task<SignInSession?>> find, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _questions.WaitAsync(either.Token);
            try
            {
                return await find(either.Token) is { } session && await _users.FindAsync(session.UserId, either.Token) is { } user && user.Tenant == session.Tenant
                    ? new SignedIn(session, user)
                    {
                        Permissions = await _permissions.ListAsync(user.Tenant, user.Id, either.Token),
                        HasPasskey = await _passkeys.HasAsync(user.Tenant, user.Id, either.Token),
                    }
                    : null;
            }
            finally
            {
                _questions.Release();
            }
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The store of the sign-in sessions did not answer in time.", late);
        }
    }

    private sealed record Found(SignedIn? SignedIn, DateTimeOffset Until);
}
