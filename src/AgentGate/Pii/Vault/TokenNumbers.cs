using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentGate.Pii.Vault;

/// <summary>Gives values their tokens in order of first occurrence. Not thread-safe: one session of one call, or under its vault's lock.</summary>
internal sealed class TokenNumbers
{
    private readonly Dictionary<string, string> _tokenByText = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _textByToken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);

    /// <summary>The token of a value, a new one if it has none.</summary>
    public string TokenOf(PiiValue value)
    {
        ref var token = ref CollectionsMarshal.GetValueRefOrAddDefault(_tokenByText, value.Text, out _);
        if (token is null)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, value.Type, out _);
            token = Format(value.Type, ++last);
            _textByToken.Add(token, value.Text);
        }

        return token;
    }

    /// <summary>The value of a token.</summary>
    public string? TextOf(string token) => _textByToken.GetValueOrDefault(token);

    /// <summary>Writes a token.</summary>
    public static string Format(string type, long number)
        => string.Create(CultureInfo.InvariantCulture, $"<{type}_{number}>");
}
