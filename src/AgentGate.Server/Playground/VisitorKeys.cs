using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Playground;

/// <summary>The keys of the playground's visitors: in memory, opening the doors and nothing else, gone with their circuit.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class VisitorKeys(IIdSource ids, TimeProvider time) : IVisitorKeys
{
    /// <summary>What every visitor's principal id begins with.</summary>
    public const string PrincipalPrefix = "playground_";

    /// <summary>How long a key is good when its circuit does not end before.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(8);

    private readonly ConcurrentDictionary<string, Issued> _keys = new(StringComparer.Ordinal);

    /// <summary>Makes a key for a principal.</summary>
    public Issued Issue(string principalId, string tenant)
    {
        Span<byte> random = stackalloc byte[40];
        ids.Fill(random);
        var id = Convert.ToHexStringLower(random[..8]);
        var issued = new Issued(
            this,
            $"{IVisitorKeys.Prefix}{id}_{Base64Url.EncodeToString(random[8..])}",
            new Principal { Id = principalId, Tenant = tenant, KeyId = id, Scopes = [Scopes.Doors] },
            SHA256.HashData(random[8..]),
            time.GetUtcNow() + GoodFor);
        CryptographicOperations.ZeroMemory(random);
        _keys[id] = issued;
        return issued;
    }

    /// <summary>A new visitor's principal id.</summary>
    public string NewPrincipalId()
    {
        Span<byte> random = stackalloc byte[8];
        ids.Fill(random);
        return PrincipalPrefix + Convert.ToHexStringLower(random);
    }

    public IVisitorKeys.Visitor? Authenticate(string text)
    {
        var rest = text.AsSpan(IVisitorKeys.Prefix.Length);
        Span<byte> secret = stackalloc byte[32];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (rest.Length != 16 + 1 + 43 || rest[16] != '_' || !Base64Url.IsValid(rest[17..])
            || !Base64Url.TryDecodeFromChars(rest[17..], secret, out var length) || length != 32)
        {
            return null;
        }

        SHA256.HashData(secret, hash);
        return _keys.TryGetValue(rest[..16].ToString(), out var issued)
            && CryptographicOperations.FixedTimeEquals(issued.Hash, hash)
            && time.GetUtcNow() < issued.Until
            ? new IVisitorKeys.Visitor(issued.Principal, issued.Skipped)
            : null;
    }

    /// <summary>Whether a principal is a visitor whose key is good: the id alone, which anybody could have been given, says nothing.</summary>
    public bool IsVisitor(Principal principal)
        => principal.KeyId is { } id && _keys.TryGetValue(id, out var issued) && issued.Principal == principal && time.GetUtcNow() < issued.Until;

    /// <summary>One key. Disposing it ends it.</summary>
    internal sealed class Issued(VisitorKeys keys, string text, Principal principal, byte[] hash, DateTimeOffset until) : IDisposable
    {
        /// <summary>The text for the Authorization header.</summary>
        public string Text => text;

        public Principal Principal => principal;

        public byte[] Hash => hash;

        public DateTimeOffset Until => until;

        /// <summary>The guards that do not judge the calls of this key. Set by its circuit, on the server.</summary>
        public ImmutableArray<string> Skipped { get; set; } = [];

        public void Dispose() => keys._keys.TryRemove(principal.KeyId!, out _);

        /// <summary>Without the text, so that a log line cannot hold it.</summary>
        public override string ToString() => $"visitor key {principal.KeyId}";
    }
}
