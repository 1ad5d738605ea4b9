namespace AgentGate.Pii.Restoring;

/// <summary>What stands at one place of a text.</summary>
/// <param name="Kind">No token, a token, or not yet known.</param>
/// <param name="Length">The characters of the token as written.</param>
/// <param name="Token">The token, as <see cref="LiveTokens"/> counts them.</param>
/// <param name="Form">How it is written.</param>
internal readonly record struct TokenMatch(TokenMatchKind Kind, int Length, int Token, TokenForm Form)
{
    /// <summary>Reads a live token.</summary>
    /// <param name="text">The text from the place to look at; not empty.</param>
    /// <param name="live">The live tokens.</param>
    /// <returns><see cref="TokenMatchKind.NeedsMore"/> only when the text ends inside a prefix of a live token.</returns>
    public static TokenMatch At(ReadOnlySpan<char> text, LiveTokens live)
    {
        var open = TokenGrammar.Open(text, out var form);
        if (open <= 0)
        {
            return new TokenMatch(open < 0 ? TokenMatchKind.NeedsMore : TokenMatchKind.None, 0, -1, form);
        }

        var end = open;
        while (end < text.Length && TokenGrammar.IsName(text[end]))
        {
            end++;
        }

        var name = text[open..end];
        if (end == text.Length)
        {
            return new TokenMatch(live.AnyBeginsWith(name) ? TokenMatchKind.NeedsMore : TokenMatchKind.None, 0, -1, form);
        }

        var token = live.Find(name);
        var close = token < 0 ? 0 : TokenGrammar.Close(text[end..], form);
        return close switch
        {
            < 0 => new TokenMatch(TokenMatchKind.NeedsMore, 0, -1, form),
            0 => new TokenMatch(TokenMatchKind.None, 0, -1, form),
            _ => new TokenMatch(TokenMatchKind.Token, end + close, token, form),
        };
    }
}
