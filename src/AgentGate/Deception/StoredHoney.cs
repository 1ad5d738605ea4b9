using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Deception;

/// <summary>
/// Puts the stored tokens and standings in force when a server starts, and when another server changed them. A token whose value cannot be read watches for nothing,
/// so the server says so and is not ready.
/// </summary>
internal sealed partial class StoredHoney(IHoneyStore store, HoneyRegistry registry, HoneyCipher cipher, ILogger<StoredHoney> logger)
    : IReadiness, IFollowChanges
{
    private volatile string? _broken;

    public string? NotReadyBecause => _broken;

    public string Topic => ChangeTopics.Honey;

    /// <summary>Loads everything. Throws when the store fails, and then the server does not start.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => ReloadAsync(cancellationToken);

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        var known = registry.Known();
        var tokens = await store.ReadAsync(cancellationToken);
        var standings = await store.ReadStandingsAsync(cancellationToken);
        string? broken = null;
        registry.PutAll(tokens.GroupBy(token => token.Token.Tenant, StringComparer.Ordinal).ToImmutableDictionary(
            tenant => tenant.Key, tenant => HoneySet.Of([.. tenant.Select(token => (token.Token, Open(token, ref broken)))]), StringComparer.Ordinal));
        registry.Stand(standings, known);
        _broken = broken;
    }

    private string? Open(StoredHoneyToken stored, ref string? broken)
    {
        if (stored.Sealed is not { } box)
        {
            return null;
        }

        if (cipher.TryOpen(stored.Token.Tenant, stored.Token.Id, box, out var value))
        {
            return value;
        }

        broken = $"{Codes.HoneyUnreadable}: the value of the honey token {stored.Token.Id} cannot be read, so nobody is watched for it";
        Log.Unreadable(logger, stored.Token.Id, stored.Token.Tenant);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1317, LogLevel.Critical, Codes.HoneyUnreadable + ": the value of the honey token {Token} of the tenant {Tenant} cannot be read: the key is another, or the store was changed. Remove the token and set it again, or give the server the key it had.")]
        public static partial void Unreadable(ILogger logger, string token, string tenant);
    }
}
