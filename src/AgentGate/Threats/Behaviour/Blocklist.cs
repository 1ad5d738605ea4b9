using System.Collections.Concurrent;
using System.Net;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Whose requests are refused, in memory, as the store has it: at once in the process that blocks, within a second in every other. Never
/// this machine itself and never a proxy that is trusted, through which everybody comes.
/// </summary>
/// <remarks>Thread-safe. Reading and changing the store take turns: what is read is never older than what this process stored.</remarks>
internal sealed partial class Blocklist(
    IBlockedAddressStore store, SignInFailures failures, ISparedAddresses spared, IOptions<BehaviourOptions> options, TimeProvider time, ILogger<Blocklist> logger)
    : IFollowChanges, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    // What was blocked here and is not in the store, not yet or because it failed: no reading takes it out of force.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _own = new(StringComparer.Ordinal);

    private volatile ConcurrentDictionary<string, DateTimeOffset> _blocked = new(StringComparer.Ordinal);

    public string Topic => ChangeTopics.BlockedAddresses;

    /// <summary>Until when requests from an address are refused, or <see langword="null"/>. Asks no store.</summary>
    public DateTimeOffset? Until(IPAddress? address)
    {
        var blocked = _blocked;
        return address is not null && !blocked.IsEmpty && !IsSpared(address)
            && blocked.TryGetValue(NetworkOrigin.Of(address), out var until) && until > time.GetUtcNow()
            ? until
            : null;
    }

    /// <summary>Whether an address is never blocked.</summary>
    public bool IsSpared(IPAddress address) => IPAddress.IsLoopback(address) || spared.IsSpared(address);

    /// <summary>Blocks an origin: here at once, whatever the store says, and by the store everywhere.</summary>
    /// <exception cref="ArgumentException">It is this machine, or a trusted proxy.</exception>
    public async Task<BlockedAddress> BlockAsync(BlockedAddress blocked, CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(blocked.Origin.Split('/')[0], out var address) || IsSpared(address))
        {
            throw new ArgumentException("This machine and trusted proxies are never blocked.", nameof(blocked));
        }

        // In this order: a reading either finds it among its own, or has put its list in place before it is added there.
        if (_own.Count < options.Value.BlockedMax)
        {
            Apply(_own, blocked.Origin, blocked.ExpiresAt);
        }

        Apply(_blocked, blocked.Origin, blocked.ExpiresAt);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var (inForce, madeRoom) = await store.AddAsync(blocked, options.Value.BlockedMax, cancellationToken);
            _own.TryRemove(new KeyValuePair<string, DateTimeOffset>(blocked.Origin, blocked.ExpiresAt));
            Apply(_blocked, blocked.Origin, inForce.ExpiresAt);
            if (madeRoom > 0)
            {
                Log.Full(logger, madeRoom, options.Value.BlockedMax);
                await ReadAsync(cancellationToken);
            }

            return inForce;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends a block, here at once. What failed from the origin until now counts no more: the next failure would block it again.</summary>
    public async Task<bool> UnblockAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if ((await store.ReadAsync(now, cancellationToken)).Blocked.FirstOrDefault(one => one.Id == id) is { } blocked)
            {
                await failures.ForgetAsync(blocked.Origin, now, cancellationToken);
                _own.TryRemove(blocked.Origin, out _);
            }

            var there = await store.RemoveAsync(id, cancellationToken);
            await ReadAsync(cancellationToken);
            return there;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads what the store has.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static void Apply(ConcurrentDictionary<string, DateTimeOffset> list, string origin, DateTimeOffset expiresAt)
        => list.AddOrUpdate(origin, expiresAt, (_, until) => until > expiresAt ? until : expiresAt);

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (blocked, unreadable) = await store.ReadAsync(time.GetUtcNow(), cancellationToken);
        if (unreadable > 0)
        {
            Log.Unreadable(logger, unreadable);
        }

        _blocked = new ConcurrentDictionary<string, DateTimeOffset>(
            blocked.Select(one => new KeyValuePair<string, DateTimeOffset>(one.Origin, one.ExpiresAt)), StringComparer.Ordinal);
        foreach (var (origin, until) in _own)
        {
            if (until > time.GetUtcNow())
            {
                Apply(_blocked, origin, until);
            }
            else
            {
                _own.TryRemove(new KeyValuePair<string, DateTimeOffset>(origin, until));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6611, LogLevel.Warning, Codes.BlocklistFull + ": {Count} blocked addresses made room before their time; at most {Most} are blocked at once (AgentGate:Behaviour:BlockedMax).")]
        public static partial void Full(ILogger logger, int count, int most);

        [LoggerMessage(6610, LogLevel.Critical, Codes.BlocklistUnreadable + ": {Count} blocked addresses cannot be read and are not refused: the key is another, or the store was changed.")]
        public static partial void Unreadable(ILogger logger, int count);
    }
}
