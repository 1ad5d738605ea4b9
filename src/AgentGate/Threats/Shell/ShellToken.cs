namespace AgentGate.Threats.Shell;

/// <summary>What stands between two commands, or opens one.</summary>
internal enum ShellOperator
{
    /// <summary>A word, no operator.</summary>
    None,

    /// <summary>The beginning of the text.</summary>
    Start,

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>&amp;</c></summary>
    Background,

    /// <summary><c>&amp;&amp;</c></summary>
    And,

    /// <summary><c>|</c></summary>
    Pipe,

    /// <summary><c>||</c></summary>
    Or,

    /// <summary>A line break.</summary>
    NewLine,

    /// <summary><c>$(</c>, <c>&lt;(</c> and <c>&gt;(</c></summary>
    Substitution,

    /// <summary>A backtick, opening or closing.</summary>
    Backtick,

    /// <summary><c>(</c> and <c>{</c></summary>
    Group,

    /// <summary><c>)</c> and <c>}</c></summary>
    Close,

    /// <summary><c>&lt;</c>, <c>&gt;</c> and what begins with them.</summary>
    Redirect,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>What is special about a word.</summary>
[Flags]
internal enum ShellWordTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Quotes or escapes were taken out of it.</summary>
    Unquoted = 1,

    /// <summary>It begins with a variable.</summary>
    Variable = 2,

    /// <summary>It is longer than the buffer; the buffer holds its beginning.</summary>
    Cut = 4,

    /// <summary>It is quoted as a whole.</summary>
    Quoted = 8,

    /// <summary>Something empty stands inside it: <c>who$@ami</c>, <c>c''at</c>.</summary>
    Spliced = 16,

    /// <summary>It came out of braces.</summary>
    Braced = 32,
}

/// <summary>One word or operator of a command line.</summary>
/// <param name="Operator">The operator, or <see cref="ShellOperator.None"/> for a word.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is, quotes and all.</param>
/// <param name="Traits">What is special about the word.</param>
internal readonly record struct ShellToken(ShellOperator Operator, int Start, int Length, ShellWordTraits Traits)
{
    /// <summary>Whether it is a word.</summary>
    public bool IsWord => Operator == ShellOperator.None;
}
