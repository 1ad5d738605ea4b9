using System.Security.Cryptography;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.IdentityModel.Tokens;

namespace AgentGate.Server.Identity;

/// <summary>The keys of access tokens: ES256 (RFC 7518 §3.4), made here, shared by all servers through the store, replaced every thirty days.</summary>
/// <remarks>Thread-safe. Usable after <see cref="ReloadAsync"/>.</remarks>
internal sealed class TokenKeys(ITokenKeyStore store, IIdSource ids, TimeProvider time) : IFollowChanges
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);

    /// <summary>How long a retired key verifies: longer than any token it signed.</summary>
    public static readonly TimeSpan VerifiesFor = TimeSpan.FromHours(2);

    private volatile Kept? _kept;

    public string Topic => ChangeTopics.TokenKeys;

    /// <summary>The key that signs.</summary>
    public ECDsaSecurityKey Signing => Keys[0];

    /// <summary>Every key that verifies, the one that signs first.</summary>
    public IReadOnlyList<ECDsaSecurityKey> Keys => (_kept ?? throw new InvalidOperationException("The keys of access tokens were not read yet.")).Keys;

    /// <summary>Reads the keys; makes one where there is none or the one that signs is too old.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        for (var keys = await store.ReadAsync(cancellationToken); ; keys = await store.ReadAsync(cancellationToken))
        {
            var current = keys.FirstOrDefault(key => key.RetiredAt is null);
            if (current is not null && now < current.CreatedAt + SignsFor)
            {
                var verifying = keys.Where(key => key.RetiredAt is null || now < key.RetiredAt + VerifiesFor).OrderByDescending(key => key.RetiredAt is null).ToList();
                var kept = new Kept([.. verifying.Select(key => key.Id)], [.. verifying.Select(Open)]);
                if (_kept is not { } former || !former.Ids.SequenceEqual(kept.Ids, StringComparer.Ordinal))
                {
                    _kept = kept;
                }

                return;
            }

            // Of two servers that do this at once one is refused, and reads the other's.
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await store.AddAsync(new TokenKey(ids.NewId(), [.. pair.ExportPkcs8PrivateKey()], now, null), current?.Id, cancellationToken);
        }
    }

    private static ECDsaSecurityKey Open(TokenKey key)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(key.PrivateKey.AsSpan(), out _);
        return new ECDsaSecurityKey(pair) { KeyId = key.Id };
    }

    private sealed record Kept(string[] Ids, ECDsaSecurityKey[] Keys);
}
