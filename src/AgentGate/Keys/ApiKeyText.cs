using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using AgentGate.Pipeline;

namespace AgentGate.Keys;

/// <summary>The text of a key: <c>ag_</c>, an id, <c>_</c>, and 32 random bytes in base64url (43 characters).</summary>
internal static class ApiKeyText
{
    public const string Prefix = "ag_";

    /// <summary>The random bytes of a secret.</summary>
    public const int SecretLength = 32;

    private const int IdLength = 12;
    private const int MinIdLength = 8;
    private const int SecretChars = 43;

    // 32 characters, so that five bits choose one without bias; without i, l, o and u, which are misread.
    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly SearchValues<char> IdChars = SearchValues.Create(IdAlphabet);

    /// <summary>A new key's id, its text, and the hash to keep.</summary>
    public static (string Id, string Text, byte[] Hash) Create(IIdSource ids)
    {
        Span<byte> random = stackalloc byte[IdLength + SecretLength];
        ids.Fill(random);
        var id = string.Create(IdLength, random[..IdLength], static (chars, bytes) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = IdAlphabet[bytes[i] & 31];
            }
        });
        var secret = random[IdLength..];
        var created = (id, $"{Prefix}{id}_{Base64Url.EncodeToString(secret)}", SHA256.HashData(secret));
        CryptographicOperations.ZeroMemory(random);
        return created;
    }

    /// <summary>Takes a text apart. Only the spelling that <see cref="Create"/> gives is accepted.</summary>
    /// <param name="text">The text as the caller sent it.</param>
    /// <param name="id">The id.</param>
    /// <param name="hash">Receives the SHA-256 of the secret, 32 bytes.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out string id, Span<byte> hash)
    {
        id = string.Empty;
        var idLength = text.Length - Prefix.Length - 1 - SecretChars;
        if (idLength is < MinIdLength or > 64
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length + idLength] != '_'
            || text.Slice(Prefix.Length, idLength).ContainsAnyExcept(IdChars))
        {
            return false;
        }

        Span<byte> secret = stackalloc byte[SecretLength];
        Span<char> again = stackalloc char[SecretChars];
        var spelled = text[^SecretChars..];
        try
        {
            if (!Base64Url.TryDecodeFromChars(spelled, secret, out var length) || length != SecretLength)
            {
                return false;
            }
        }
        catch (FormatException)
        {
            return false;
        }

        Base64Url.TryEncodeToChars(secret, again, out _);
        if (!spelled.SequenceEqual(again))
        {
            return false;
        }

        SHA256.HashData(secret, hash);
        id = text.Slice(Prefix.Length, idLength).ToString();
        return true;
    }
}
