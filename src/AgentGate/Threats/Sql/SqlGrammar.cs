namespace AgentGate.Threats.Sql;

/// <summary>
/// Fragments of the grammar, each tried at one place and bounded: no method reads more than <see cref="Reach"/> tokens,
/// and none calls itself on what is nested. Positions are indices of tokens; -1 is "not this".
/// </summary>
internal readonly ref partial struct SqlGrammar(ReadOnlySpan<char> text, ReadOnlySpan<SqlToken> tokens)
{
    /// <summary>How far ahead a fragment is read.</summary>
    public const int Reach = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<SqlToken> _tokens = tokens;

    public int Count => _tokens.Length;

    private static readonly SqlToken s_none;

    public ref readonly SqlToken this[int index] => ref (uint)index < (uint)_tokens.Length ? ref _tokens[index] : ref s_none;

    public ReadOnlySpan<char> TextOf(int index) => _text.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>The text of a token; nothing outside of the text.</summary>
    public ReadOnlySpan<char> TextAt(int index) => (uint)index < (uint)_tokens.Length ? TextOf(index) : default;

    public SqlWord WordAt(int index) => this[index].Word;

    /// <summary>The next token that is code: comments to the end of their line and marks of comments are stepped over.</summary>
    public int Code(int at)
    {
        var limit = Math.Min(_tokens.Length, at + Reach);
        while (at < limit)
        {
            var kind = _tokens[at].Kind;
            if (kind == SqlKind.BlockClose || (kind == SqlKind.BlockOpen && ClosesLater(at)))
            {
                at++;
            }
            else if (kind == SqlKind.LineComment)
            {
                var next = at + 1;
                while (next < limit && (_tokens[next].Gap & SqlGap.Line) == 0)
                {
                    next++;
                }

                if (next >= limit)
                {
                    return at;
                }

                at = next;
            }
            else
            {
                return at;
            }
        }

        return at;
    }

    public int Next(int at) => Code(at + 1);

    /// <summary>Whether the text ends here, for a server: at the end, at a comment, at a terminator.</summary>
    public bool Ends(int at) => this[at].Kind is SqlKind.End or SqlKind.LineComment or SqlKind.BlockOpen or SqlKind.Semicolon || IsNull(at);

    /// <summary>Whether a comment cuts off the rest.</summary>
    public bool CutsOff(int at) => this[at].Kind is SqlKind.LineComment or SqlKind.BlockOpen || (this[at].Kind == SqlKind.Semicolon && this[at + 1].Kind is SqlKind.LineComment or SqlKind.BlockOpen);

    /// <summary>Steps over parentheses and brackets that close.</summary>
    public int SkipClosers(int at)
    {
        var limit = at + Reach;
        while (at < limit && (this[at].Kind == SqlKind.Close || (this[at].Kind == SqlKind.Arithmetic && this[at].Symbol == '%' && this[at + 1].Kind == SqlKind.Close)))
        {
            at++;
        }

        return at;
    }

    /// <summary>Steps over parentheses that open.</summary>
    public int SkipOpeners(int at)
    {
        at = Code(at);
        var limit = at + Reach;
        while (at < limit && this[at].Kind == SqlKind.Open)
        {
            at = Next(at);
        }

        return at;
    }

    /// <summary>The position behind the parenthesis that closes this one, or the end of reach when it stays open.</summary>
    public int Matching(int at)
    {
        var depth = 0;
        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at; next < limit; next++)
        {
            if (_tokens[next].Kind == SqlKind.Open)
            {
                depth++;
            }
            else if (_tokens[next].Kind == SqlKind.Close && --depth == 0)
            {
                return Next(next);
            }
        }

        return limit;
    }

    private bool IsNull(int at) => this[at].Kind == SqlKind.Arithmetic && this[at].Symbol == '%' && this[at + 1].Kind == SqlKind.Number && TextOf(at + 1).StartsWith("00");

    private bool ClosesLater(int at)
    {
        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at + 1; next < limit; next++)
        {
            if (_tokens[next].Kind == SqlKind.BlockClose)
            {
                return true;
            }
        }

        return false;
    }
}
