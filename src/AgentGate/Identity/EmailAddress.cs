namespace AgentGate.Identity;

/// <summary>E-mail addresses: what is taken for one, and when two are the same.</summary>
internal static class EmailAddress
{
    /// <summary>The longest address (RFC 5321 §4.5.3.1.3, without its brackets).</summary>
    public const int LengthMax = 254;

    /// <summary>
    /// Whether a text can be an address: one @ with something on both sides, and visible ASCII alone: of two addresses that look the same
    /// there is one. A host name in another script is written as DNS has it (RFC 5891).
    /// </summary>
    public static bool IsOne(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        return trimmed.Length is > 2 and <= LengthMax
            && at > 0 && at == trimmed.LastIndexOf('@') && at < trimmed.Length - 1
            && trimmed.All(static c => c is > ' ' and < '\x7f' and not ('<' or '>' or '"' or ',' or ';' or '\\'))
            && trimmed[^1] != '.' && trimmed[at + 1] != '.';
    }

    /// <summary>The form in which addresses are compared: lower case, nothing around.</summary>
    public static string Fold(string text) => text.Trim().ToLowerInvariant();
}
