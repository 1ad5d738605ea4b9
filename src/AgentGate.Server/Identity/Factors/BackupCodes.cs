using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Server.Identity.Factors;

/// <summary>
/// Ten codes that are good once each, for who lost the authenticator. A code begins with its index, so that one digest is compared and not
/// ten. The digest is keyed: who has the database alone can try nothing, and who has the key as well has the TOTP secret beside it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BackupCodes(IdentityCipher cipher, IIdSource ids)
{
    public const int Count = 10;

    private const string What = "backup code v1";
    private const int Letters = 8;

    // 32 characters, so that 5 bits are one; none that is read as another.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>New codes, as their owner keeps them, and what is kept of them here.</summary>
    public (ImmutableArray<string> Codes, ImmutableArray<string?> Digests) Create(string userId)
    {
        var codes = Enumerable.Range(0, Count).Select(Create).ToImmutableArray();
        return (codes, [.. codes.Select((code, index) => DigestOf(userId, index, Fold(code)))]);
    }

    /// <summary>The index of the unused code a text is, or <see langword="null"/> where it is none. Case and white space do not count.</summary>
    public int? IndexOf(User user, string text)
    {
        var code = Fold(text);
        if (code.Length != Letters + 1 || !char.IsAsciiDigit(code[0]))
        {
            return null;
        }

        var index = code[0] - '0';
        return index < user.BackupCodes.Length && user.BackupCodes[index] is { } digest && IdentitySecrets.Same(digest, DigestOf(user.Id, index, code)) ? index : null;
    }

    private string Create(int index)
    {
        Span<byte> random = stackalloc byte[Letters];
        ids.Fill(random);
        Span<char> letters = stackalloc char[Letters];
        for (var i = 0; i < Letters; i++)
        {
            letters[i] = Alphabet[random[i] & 31];
        }

        return string.Create(CultureInfo.InvariantCulture, $"{index}-{letters[..4]}-{letters[4..]}");
    }

    private static string Fold(string text)
        => string.Concat(text.Where(static c => !char.IsWhiteSpace(c) && c != '-').Take(Letters + 2)).ToUpperInvariant();

    private string DigestOf(string userId, int index, string code)
        => cipher.Digest(What, string.Create(CultureInfo.InvariantCulture, $"{userId}:{index}:{code}"));
}
