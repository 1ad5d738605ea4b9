using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AgentGate.Cedar.Syntax;

/// <summary>
/// Reads Cedar policy text by recursive descent (grammar of Cedar 4: docs.cedarpolicy.com/policies/syntax-grammar.html, and what the
/// reference parser refuses after parsing). A method that returns <see langword="null"/> has met a token it cannot go on from and has said so;
/// reading goes on behind the next semicolon. Other mistakes are noted and passed over.
/// </summary>
/// <remarks>Linear in the text. One instance reads one text once.</remarks>
internal sealed partial class PolicyParser
{
    /// <summary>A text with more mistakes than this is not looked at any further: nobody reads them, and each costs time.</summary>
    private const int MaxDiagnostics = 50;

    private readonly string _text;
    private readonly Lexer _lexer;
    private readonly ImmutableArray<CedarDiagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<CedarDiagnostic>();
    private Token _token;
    private SourceSpan _previous;
    private int _nesting;

    private PolicyParser(string text)
    {
        _text = text;
        _lexer = new Lexer(text);
        _token = _lexer.Next();
    }

    private bool IsFull => _diagnostics.Count >= MaxDiagnostics;

    /// <summary>Reads policies and templates; their ids come later.</summary>
    public static bool TryParsePolicies(string text, out ImmutableArray<Policy> policies, out ImmutableArray<CedarDiagnostic> diagnostics)
    {
        policies = [];
        if (!TryStart(text, out var parser, out diagnostics))
        {
            return false;
        }

        var found = ImmutableArray.CreateBuilder<Policy>();
        while (parser._token.Kind != TokenKind.End && !parser.IsFull)
        {
            if (parser.ParsePolicy() is { } policy)
            {
                found.Add(policy);
            }
            else
            {
                parser.SkipPolicy();
            }
        }

        policies = found.ToImmutable();
        diagnostics = parser._diagnostics.ToImmutable();
        return diagnostics.IsEmpty;
    }

    /// <summary>Reads one expression and nothing else.</summary>
    public static bool TryParseExpression(string text, [NotNullWhen(true)] out Expr? expression, out ImmutableArray<CedarDiagnostic> diagnostics)
    {
        expression = null;
        if (!TryStart(text, out var parser, out diagnostics))
        {
            return false;
        }

        expression = parser.ParseExpression();
        if (expression is not null && parser._token.Kind != TokenKind.End)
        {
            parser.Unexpected("the end of the expression");
        }

        diagnostics = parser._diagnostics.ToImmutable();
        expression = diagnostics.IsEmpty ? expression : null;
        return expression is not null;
    }

    private static bool TryStart(string text, [NotNullWhen(true)] out PolicyParser? parser, out ImmutableArray<CedarDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isGood = text.Length <= CedarLimits.MaxTextLength && CedarText.IsUnicode(text);
        diagnostics = isGood ? [] : [new CedarDiagnostic(text.Length > CedarLimits.MaxTextLength
            ? $"the text is longer than {CedarLimits.MaxTextLength} characters"
            : "the text is not Unicode: it holds half of a surrogate pair")];
        parser = isGood ? new PolicyParser(text) : null;
        return isGood;
    }

    private void Advance()
    {
        _previous = _token.Span;
        _token = _lexer.Next();
    }

    private bool Accept(TokenKind kind)
    {
        if (_token.Kind != kind)
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Expect(TokenKind kind, string what)
    {
        if (Accept(kind))
        {
            return true;
        }

        Unexpected(what);
        return false;
    }

    private ReadOnlySpan<char> Text(SourceSpan span) => _text.AsSpan(span.Start, span.Length);

    private bool IsWord(ReadOnlySpan<char> word) => _token.Kind == TokenKind.Identifier && Text(_token.Span).SequenceEqual(word);

    private bool AcceptWord(ReadOnlySpan<char> word)
    {
        var isWord = IsWord(word);
        if (isWord)
        {
            Advance();
        }

        return isWord;
    }

    private SourceSpan From(SourceSpan start) => start.To(_previous);

    private void Report(SourceSpan span, string message, string? help = null)
    {
        if (!IsFull)
        {
            _diagnostics.Add(CedarDiagnostic.At(_text, span, message, help));
        }
    }

    /// <summary>The current token does not belong here.</summary>
    private void Unexpected(string expected, string? help = null)
    {
        var found = Text(_token.Span);
        switch (_token.Kind)
        {
            case TokenKind.End:
                Report(_token.Span, $"expected {expected}, found the end of the text", help);
                break;
            case TokenKind.Invalid when found[0] == '"':
                Report(_token.Span with { Length = 1 }, "this string has no end", "close it with `\"`; a quote inside is written `\\\"`");
                break;
            case TokenKind.Invalid:
                Report(_token.Span, $"`{Shown(found)}` means nothing in Cedar", found[0] switch
                {
                    '&' => "write `&&`",
                    '|' => "write `||`",
                    '\'' => "strings are written in double quotes",
                    '\ufeff' => "remove the byte order mark",
                    _ => help,
                });
                break;
            case TokenKind.SingleEqual:
                Report(_token.Span, $"expected {expected}, found `=`", "equality is written `==`");
                break;
            default:
                Report(_token.Span, $"expected {expected}, found `{Shown(found)}`", help);
                break;
        }
    }

    private static string Shown(ReadOnlySpan<char> text)
    {
        const int Width = 40;
        var cut = text.Length <= Width ? text : text[..(char.IsHighSurrogate(text[Width - 1]) ? Width - 1 : Width)];
        var builder = new System.Text.StringBuilder();
        CedarText.AppendEscaped(builder, cut.ToString(), escapeStar: false);
        return builder.Replace("\\\"", "\"").Replace("\\\\", "\\").Append(cut.Length < text.Length ? "…" : "").ToString();
    }

    /// <summary>Counts one level more; <see langword="false"/>, said once, when that is too deep to go on.</summary>
    private bool Enter(SourceSpan place)
    {
        if (++_nesting <= CedarLimits.MaxDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return true;
        }

        ReportDepth(place);
        return false;
    }

    private void ReportDepth(SourceSpan place)
        => Report(place, $"the expression is nested deeper than {CedarLimits.MaxDepth} levels", "split it over several conditions or policies");

    /// <summary>The node, unless it is too deep for the stages behind the parser.</summary>
    private Expr? Bounded(Expr node)
    {
        if (node.Depth <= CedarLimits.MaxDepth)
        {
            return node;
        }

        ReportDepth(node.Span with { Length = Math.Min(node.Span.Length, 1) });
        return null;
    }

    private void SkipPolicy()
    {
        _nesting = 0;
        while (_token.Kind is not (TokenKind.Semicolon or TokenKind.End))
        {
            Advance();
        }

        Accept(TokenKind.Semicolon);
    }

    private string ReadString(Token token)
    {
        var body = _text.AsSpan(token.Span.Start + 1, token.Span.Length - 2);
        if (!StringLiteral.TryRead(body, out var value, out var fault))
        {
            ReportEscape(token, fault);
        }

        return value;
    }

    private LikePattern ReadPattern(Token token)
    {
        var body = _text.AsSpan(token.Span.Start + 1, token.Span.Length - 2);
        if (!StringLiteral.TryReadPattern(body, out var pattern, out var fault))
        {
            ReportEscape(token, fault);
        }

        return pattern;
    }

    private void ReportEscape(Token token, SourceSpan fault)
    {
        var span = new SourceSpan(token.Span.Start + 1 + fault.Start, fault.Length);
        Report(
            span,
            $"`{(Text(span)[0] == '\r' ? "a carriage return" : Shown(Text(span)))}` is not allowed in a string",
            "escapes are \\n \\r \\t \\0 \\\\ \\' \\\" \\x00 to \\x7f and \\u{1} to \\u{10ffff}; \\* only in patterns of `like`");
    }

    private void CheckReserved(SourceSpan span)
    {
        if (CedarIdentifier.IsReserved(Text(span)))
        {
            Report(span, $"`{Text(span)}` is reserved and cannot be used as a name");
        }
    }
}
