namespace AgentGate.Cedar.Syntax;

/// <summary>The kinds of tokens of Cedar policy text. Keywords are identifiers here: where a word stands decides what it means.</summary>
internal enum TokenKind
{
    /// <summary>Nothing is left.</summary>
    End,

    /// <summary>A character, or an unfinished string, that begins no token.</summary>
    Invalid,

    /// <summary>An ASCII letter or underscore, then letters, digits and underscores.</summary>
    Identifier,

    /// <summary>ASCII digits.</summary>
    Number,

    /// <summary>A string literal, with its quotes.</summary>
    String,

    /// <summary>A question mark and an identifier.</summary>
    Slot,

    At,
    Dot,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    LeftParenthesis,
    RightParenthesis,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    DoubleEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    DoubleBar,
    DoubleAmpersand,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Bang,
    SingleEqual,
}
