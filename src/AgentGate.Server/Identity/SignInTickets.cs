using AgentGate.Pipeline;

namespace AgentGate.Server.Identity;

/// <summary>One-time tickets of sign-in links. Looking at one does not use it: a preview of the link must not burn it.</summary>
/// <remarks>
/// Thread-safe. Holds digests only, in memory: a restart ends every ticket. Looked up by digest, so that comparing takes the same time whatever
/// the ticket is.
/// </remarks>
internal sealed class SignInTickets(IIdSource ids, TimeProvider time)
{
    /// <summary>How long a ticket is good.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    private const int TicketsMax = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _tickets = new(StringComparer.Ordinal);

    /// <summary>Makes a ticket: 32 random bytes in base64url.</summary>
    public string Create()
    {
        var text = IdentitySecrets.Create(ids);
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var (old, _) in _tickets.Where(ticket => ticket.Value <= now).ToList())
            {
                _tickets.Remove(old);
            }

            if (_tickets.Count >= TicketsMax)
            {
                _tickets.Remove(_tickets.MinBy(ticket => ticket.Value).Key);
            }

            _tickets[IdentitySecrets.DigestOf(text)] = now + GoodFor;
        }

        return text;
    }

    /// <summary>Whether a ticket could be redeemed now.</summary>
    public bool IsGood(string? text)
    {
        lock (_lock)
        {
            return text is not null && _tickets.TryGetValue(IdentitySecrets.DigestOf(text), out var until) && time.GetUtcNow() < until;
        }
    }

    /// <summary>Uses a ticket. Of two that try at once, one succeeds.</summary>
    public bool Redeem(string? text)
    {
        lock (_lock)
        {
            return text is not null && _tickets.Remove(IdentitySecrets.DigestOf(text), out var until) && time.GetUtcNow() < until;
        }
    }
}
