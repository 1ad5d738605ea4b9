using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Deception;

/// <summary>
/// Puts the stored tokens and standings in force when a server starts. A token whose value cannot be read watches for nothing,
/// so the server says so and is not ready.
/// </summary>
internal sealed partial class StoredHoney(IHoneyStore store, HoneyRegistry registry, HoneyCipher cipher, ILogger<StoredHoney> logger) : IReadiness
{
    private volatile string? _broken;

    public string? NotReadyBecause => _broken;

    /// <summary>Loads everything. Throws when the store fails, and then the server does not start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in (await store.ReadAsync(cancellationToken)).GroupBy(stored => stored.Token.Tenant, StringComparer.Ordinal))
        {
            registry.Put(tenant.Key, HoneySet.Of(tenant.Select(stored => (stored.Token, Open(stored)))));
        }

        foreach (var standing in await store.ReadStandingsAsync(cancellationToken))
        {
            registry.Raise(standing.Tenant, standing.Principal, standing.Severity);
        }
    }

    private string? Open(StoredHoneyToken stored)
    {
        if (stored.Sealed is not { } box)
        {
            return null;
        }

        if (cipher.TryOpen(stored.Token.Tenant, stored.Token.Id, box, out var value))
        {
            return value;
        }

        _broken = $"{Codes.HoneyUnreadable}: the value of the honey token {stored.Token.Id} cannot be read, so nobody is watched for it";
        Log.Unreadable(logger, stored.Token.Id, stored.Token.Tenant);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1317, LogLevel.Critical, Codes.HoneyUnreadable + ": the value of the honey token {Token} of the tenant {Tenant} cannot be read: the key is another, or the store was changed. Remove the token and set it again, or give the server the key it had.")]
        public static partial void Unreadable(ILogger logger, string token, string tenant);
    }
}
