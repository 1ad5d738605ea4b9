using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Who is signed in to the pages: random ids on the server, their secrets in cookies.</summary>
/// <remarks>Thread-safe. In memory: a restart signs everybody out. Good for pages and for nothing else.</remarks>
internal sealed class SignInSessions(IIdSource ids, TimeProvider time) : ISignIns
{
    /// <summary>How long a sign-in lasts, whatever is done with it.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(8);

    /// <summary>The claim that names the sign-in session in a circuit.</summary>
    public const string IdClaim = "agentgate:sign-in";

    private readonly ConcurrentDictionary<string, (string Id, DateTimeOffset Until)> _byDigest = new(StringComparer.Ordinal);

    /// <summary>Begins a session.</summary>
    /// <returns>The secret for the cookie, 32 random bytes in base64url.</returns>
    public string Begin()
    {
        Span<byte> random = stackalloc byte[32];
        ids.Fill(random);
        var secret = Base64Url.EncodeToString(random);
        var now = time.GetUtcNow();
        foreach (var ended in _byDigest.Where(session => session.Value.Until <= now))
        {
            _byDigest.TryRemove(ended);
        }

        _byDigest[DigestOf(secret)] = (ids.NewId(), now + GoodFor);
        return secret;
    }

    /// <summary>The session of a cookie, as the user of a request, or <see langword="null"/>.</summary>
    public ClaimsPrincipal? Find(string? secret)
        => secret is { Length: > 0 and < 200 } && _byDigest.TryGetValue(DigestOf(secret), out var session) && time.GetUtcNow() < session.Until
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(IdClaim, session.Id)], authenticationType: "sign-in link"))
            : null;

    /// <summary>Whether the session of a circuit is still good.</summary>
    public bool IsGood(ClaimsPrincipal user)
        => user.FindFirst(IdClaim)?.Value is { } id && _byDigest.Values.Any(session => session.Id == id && time.GetUtcNow() < session.Until);

    /// <summary>Ends a session.</summary>
    public void End(string? secret)
    {
        if (secret is not null)
        {
            _byDigest.TryRemove(DigestOf(secret), out _);
        }
    }

    private static string DigestOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));
}
