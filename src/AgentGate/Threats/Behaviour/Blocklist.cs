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
/// <remarks>Thread-safe.</remarks>
internal sealed partial class Blocklist(
    IBlockedAddressStore store, ISparedAddresses spared, IOptions<BehaviourOptions> options, TimeProvider time, ILogger<Blocklist> logger) : IFollowChanges
{
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

        _blocked.AddOrUpdate(blocked.Origin, blocked.ExpiresAt, (_, until) => until > blocked.ExpiresAt ? until : blocked.ExpiresAt);
        var (inForce, madeRoom) = await store.AddAsync(blocked, options.Value.BlockedMax, cancellationToken);
        if (madeRoom > 0)
        {
            Log.Full(logger, madeRoom, options.Value.BlockedMax);
            await ReloadAsync(cancellationToken);
        }

        return inForce;
    }

    /// <summary>Ends a block, here at once.</summary>
    public async Task<bool> UnblockAsync(string id, CancellationToken cancellationToken)
    {
        var there = await store.RemoveAsync(id, cancellationToken);
        await ReloadAsync(cancellationToken);
        return there;
    }

    /// <summary>Reads what the store has.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var (blocked, unreadable) = await store.ReadAsync(time.GetUtcNow(), cancellationToken);
        if (unreadable > 0)
        {
            Log.Unreadable(logger, unreadable);
        }

        _blocked = new ConcurrentDictionary<string, DateTimeOffset>(
            blocked.Select(one => new KeyValuePair<string, DateTimeOffset>(one.Origin, one.ExpiresAt)), StringComparer.Ordinal);
    }

    private static partial class Log
    {
        [LoggerMessage(6611, LogLevel.Warning, Codes.BlocklistFull + ": {Count} blocked addresses made room before their time; at most {Most} are blocked at once (AgentGate:Behaviour:BlockedMax).")]
        public static partial void Full(ILogger logger, int count, int most);

        [LoggerMessage(6610, LogLevel.Critical, Codes.BlocklistUnreadable + ": {Count} blocked addresses cannot be read and are not refused: the key is another, or the store was changed.")]
        public static partial void Unreadable(ILogger logger, int count);
    }
}
