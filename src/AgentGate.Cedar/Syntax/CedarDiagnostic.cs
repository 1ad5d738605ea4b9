using System.Globalization;

namespace AgentGate.Cedar.Syntax;

/// <summary>One thing that is wrong with an input, where it is wrong, and what to do about it. Immutable.</summary>
/// <param name="Message">What is wrong: lower case, user text in backticks, one line.</param>
public sealed record CedarDiagnostic(string Message)
{
    private const int SnippetWidth = 160;

    /// <summary>What the author can do, or <see langword="null"/>.</summary>
    public string? Help { get; init; }

    /// <summary>Where in the text, or <see cref="SourceSpan.None"/>.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    /// <summary>A path inside a JSON document (<c>entities[3].attrs.age</c>), or <see langword="null"/>.</summary>
    public string? Path { get; init; }

    /// <summary>The policy concerned, or <see langword="null"/>.</summary>
    public string? PolicyId { get; init; }

    /// <summary>The line, counted from 1; 0 when there is no place.</summary>
    public int Line { get; init; }

    /// <summary>The column in UTF-16 code units, counted from 1; 0 when there is no place.</summary>
    public int Column { get; init; }

    /// <summary>The line concerned with a caret below it, or <see langword="null"/>.</summary>
    public string? Snippet { get; init; }

    /// <summary>A diagnostic at a place of a text, with line, column and snippet worked out.</summary>
    public static CedarDiagnostic At(string source, SourceSpan span, string message, string? help = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (span.Start < 0 || span.Start > source.Length)
        {
            return new CedarDiagnostic(message) { Help = help };
        }

        var lineStart = span.Start == 0 ? 0 : source.LastIndexOf('\n', span.Start - 1) + 1;
        var line = source.AsSpan(0, lineStart).Count('\n') + 1;
        var lineEnd = source.IndexOf('\n', span.Start);
        lineEnd = lineEnd < 0 ? source.Length : lineEnd;
        var column = span.Start - lineStart;

        // A hostile line may be megabytes long: show the part around the place.
        var from = WholeCharacter(source, Math.Max(lineStart, span.Start - (SnippetWidth / 2)));
        var end = WholeCharacter(source, Math.Min(lineEnd, from + SnippetWidth));
        var text = source.AsSpan(from, end - from).TrimEnd('\r').ToString().Replace('\t', ' ');
        var number = line.ToString(CultureInfo.InvariantCulture);
        var carets = Math.Clamp(Math.Min(span.Length, text.Length - (span.Start - from)), 1, SnippetWidth);
        return new CedarDiagnostic(message)
        {
            Help = help,
            Span = span,
            Line = line,
            Column = column + 1,
            Snippet = $"{number} | {text}\n{new string(' ', number.Length)} | {new string(' ', span.Start - from)}{new string('^', carets)}",
        };
    }

    /// <summary>The place itself, or the one behind it where it would cut a surrogate pair in two: a message is Unicode when the text is.</summary>
    private static int WholeCharacter(string text, int at)
        => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]) ? at + 1 : at;

    /// <summary>The diagnostic as a person reads it: place, message, snippet, help.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: ") : Path is null ? "" : $"{Path}: ";
        var policy = PolicyId is null ? "" : $"policy `{PolicyId}`: ";
        return $"{place}{policy}{Message}{(Snippet is null ? "" : "\n" + Snippet)}{(Help is null ? "" : "\nhelp: " + Help)}";
    }
}
