namespace AgentGate.Threats.Html;

/// <summary>What a <see cref="HtmlToken"/> is.</summary>
internal enum HtmlTokenKind : byte
{
    Text,
    StartTag,
    EndTag,
    Attribute,
    TagEnd,
    Comment,
    Declaration,
    Instruction,
    Cdata,
    RawText,
}

/// <summary>Where in a page a text may land: a reading begins in that state of the tokeniser.</summary>
internal enum HtmlEntry : byte
{
    /// <summary>Between elements.</summary>
    Text,

    /// <summary>In an attribute value in double quotes.</summary>
    DoubleQuoted,

    /// <summary>In an attribute value in single quotes.</summary>
    SingleQuoted,

    /// <summary>In a tag, or in a value without quotes.</summary>
    Tag,
}

/// <summary>A piece of markup; all positions are in UTF-16 units of the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="NameStart">Where the name of a tag or attribute begins.</param>
/// <param name="NameEnd">Where that name ends.</param>
/// <param name="ValueStart">Where the value of an attribute begins, without its quotes.</param>
/// <param name="ValueEnd">Where that value ends.</param>
/// <param name="Quote">The quote around the value; NUL if there is none.</param>
internal readonly record struct HtmlToken(
    HtmlTokenKind Kind, int Start, int End, int NameStart = 0, int NameEnd = 0, int ValueStart = 0, int ValueEnd = 0, char Quote = '\0');
