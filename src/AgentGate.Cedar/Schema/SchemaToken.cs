using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>The tokens of the Cedar schema syntax. Words are not told apart here: <c>entity</c> is also a name.</summary>
internal enum SchemaTokenKind
{
    End,
    Identifier,
    String,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Less,
    Greater,
    Equal,
    Question,
    At,
}

/// <summary>A token: what it is and where.</summary>
internal readonly record struct SchemaToken(SchemaTokenKind Kind, SourceSpan Span);
