using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Reads a text token by token and hands each one its comments: what stands on the line of a token belongs to it, all else to the next.</summary>
internal sealed class CommentedTokens
{
    private readonly string _text;
    private readonly Lexer _lexer;
    private readonly List<SourceSpan> _comments = [];
    private List<SourceSpan>? _above;
    private Token _next;

    public CommentedTokens(string text)
    {
        _text = text;
        _lexer = new Lexer(text, _comments);
        _next = _lexer.Next();
        _above = TakeComments(0);
    }

    /// <summary>The next token; at the end of the text, again and again, <see cref="TokenKind.End"/>.</summary>
    public CommentedToken Read()
    {
        var (token, above) = (_next, _above);
        _next = _lexer.Next();
        SourceSpan? behind = null;
        var from = 0;
        if (_comments.Count > 0 && _text.AsSpan(token.Span.End, _comments[0].Start - token.Span.End).IndexOfAny('\n', '\r') < 0 && token.Kind != TokenKind.End)
        {
            behind = Trimmed(_comments[0]);
            from = 1;
        }

        _above = TakeComments(from);
        return new CommentedToken(token, above, behind);
    }

    private List<SourceSpan>? TakeComments(int from)
    {
        var taken = _comments.Count > from ? _comments.Skip(from).Select(Trimmed).ToList() : null;
        _comments.Clear();
        return taken;
    }

    private SourceSpan Trimmed(SourceSpan comment) => comment with { Length = _text.AsSpan(comment.Start, comment.Length).TrimEnd().Length };
}
