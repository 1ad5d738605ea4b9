namespace AgentGate.Threats.Sql;

/// <summary>What a token is, before anyone knows whether it stands inside of a string.</summary>
internal enum SqlKind : byte
{
    /// <summary>After the last token.</summary>
    End,

    /// <summary>A keyword, a name, a function.</summary>
    Word,

    /// <summary>A number: decimal, scientific, hexadecimal, binary.</summary>
    Number,

    /// <summary>A run of one quotation mark. An odd run opens or closes a string, an even one is empty or escaped.</summary>
    Quote,

    /// <summary><c>@name</c> or <c>@@name</c>.</summary>
    Variable,

    /// <summary><c>(</c></summary>
    Open,

    /// <summary><c>)</c></summary>
    Close,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>= == != &lt;&gt; &lt; &gt; &lt;= &gt;= &lt;=&gt; := ~=</c></summary>
    Compare,

    /// <summary><c>+ - * / % ^ &amp; | ~ &lt;&lt; &gt;&gt;</c></summary>
    Arithmetic,

    /// <summary><c>||</c>: a concatenation or a disjunction, by dialect.</summary>
    Concat,

    /// <summary><c>&amp;&amp;</c></summary>
    Both,

    /// <summary><c>!</c></summary>
    Bang,

    /// <summary><c>--</c>, <c>#</c>, or the dash that a word processor makes of it: the rest of the line is not read.</summary>
    LineComment,

    /// <summary><c>/*</c> without an end, or with a quotation mark inside, which may as well be inside of a string.</summary>
    BlockOpen,

    /// <summary><c>*/</c> whose beginning is not skipped.</summary>
    BlockClose,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What stands between a token and the one before it.</summary>
[Flags]
internal enum SqlGap : byte
{
    None = 0,
    Space = 1,
    Line = 2,
    Comment = 4,
}

/// <summary>What a quotation mark does where it stands.</summary>
internal enum SqlQuote : byte
{
    /// <summary>Not judged yet, or not a quotation mark.</summary>
    None,

    /// <summary>Opens a string.</summary>
    Opening,

    /// <summary>Closes a string that the text itself opened.</summary>
    Closing,

    /// <summary>Closes what the text did not open: an apostrophe, or the string of the statement around it.</summary>
    Break,
}

/// <summary>A piece of a text read as SQL.</summary>
internal struct SqlToken
{
    public int Start;
    public int Length;
    public SqlWord Word;
    public SqlKind Kind;
    public SqlGap Gap;
    public SqlQuote Quote;

    /// <summary>The first character, folded: one of the three quotation marks, or the operator's first sign.</summary>
    public char Symbol;

    public readonly int End => Start + Length;

    /// <summary>Whether it opens or closes a string.</summary>
    public readonly bool IsMark => Kind == SqlKind.Quote && (Length & 1) == 1;
}
