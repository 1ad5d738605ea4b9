using System.Collections.Concurrent;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// The users who answer for keys. What it finds it believes until something changes: in this process at once, in another within a second, and
/// while nobody can say what changed, not at all. Thread-safe.
/// </summary>
internal sealed class KeyOwners : IKeyOwners, IFollowChanges
{
    private const int CacheCapacity = 20_000;

    private readonly IUserDirectory _users;
    private readonly IPiiPermissionStore _permissions;
    private readonly TimeProvider _time;
    private readonly SignInOptions _options;
    private readonly IKnowledgeAge? _age;
    private readonly ConcurrentDictionary<string, Found> _found = new(StringComparer.Ordinal);
    private int _changes;

    public KeyOwners(
        IUserDirectory users, IPiiPermissionStore permissions, IdentityChanges changes, TimeProvider time, IOptions<SignInOptions> options, IKnowledgeAge? age = null)
    {
        (_users, _permissions, _time, _options, _age) = (users, permissions, time, options.Value, age);
        changes.Changed += Forget;
    }

    public string Topic => ChangeTopics.Identity;

    public async ValueTask<KeyOwner?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_found.TryGetValue(userId, out var found) && now < found.Until && _age?.IsTooOld is not true)
        {
            return found.Owner;
        }

        // What was read before a change must not be kept after it.
        var before = Volatile.Read(ref _changes);
        found = await LoadAsync(userId, now, cancellationToken);
        if (_found.Count >= CacheCapacity)
        {
            _found.Clear();
        }

        _found[userId] = found;
        if (before != Volatile.Read(ref _changes))
        {
            _found.TryRemove(userId, out _);
        }

        return found.Owner;
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

    private async Task<Found> LoadAsync(string userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Who may do nothing before the password is changed lends nothing: somebody else may know it.
        var until = now + _options.CacheFor;
        if (await _users.FindAsync(userId, cancellationToken) is not { IsActive: true, MustChangePassword: false } user)
        {
            return new Found(null, until);
        }

        var permissions = await _permissions.ListAsync(user.Tenant, user.Id, cancellationToken);
        foreach (var one in permissions)
        {
            // A permission that expires meanwhile ends what was worked out with it.
            until = one.ExpiresAt is { } end && end > now && end < until ? end : until;
        }

        // All of a role never means personal data: who wants that for a key names it.
        return new Found(
            new KeyOwner(user.Tenant, [user.Role], [.. Roles.ScopesOf(user.Role).Except(Scopes.PersonalData)], UserScopes.Of(user, permissions, now)), until);
    }

    private sealed record Found(KeyOwner? Owner, DateTimeOffset Until);
}
