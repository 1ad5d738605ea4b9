using System.Runtime.CompilerServices;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Turns the tokens of policies that have been parsed already into layouts, one policy at a time.</summary>
/// <remarks>Because the text is known to be right, a keyword or bracket is taken for what it looks like.</remarks>
internal sealed partial class LayoutBuilder
{
    private readonly string _text;
    private readonly CommentedTokens _tokens;
    private readonly List<LayoutStep> _steps = [];
    private CommentedToken _token;

    public LayoutBuilder(string text)
    {
        _text = text;
        _tokens = new CommentedTokens(text);
        _token = _tokens.Read();
    }

    /// <summary>Whether the text is used up.</summary>
    public bool IsAtEnd => _token.Token.Kind == TokenKind.End;

    /// <summary>Takes away the comments above the next policy, or above the end: they are laid out as blocks.</summary>
    public List<SourceSpan> TakeHeading()
    {
        var heading = _token.Above ?? [];
        _token = _token with { Above = null };
        return heading;
    }

    /// <summary>Where the next token begins.</summary>
    public int Position => _token.Token.Span.Start;

    /// <summary>The layout of the next policy. It is overwritten by the next call.</summary>
    public List<LayoutStep> BuildPolicy()
    {
        _steps.Clear();
        while (Is(TokenKind.At))
        {
            Take();
            Take();
            if (Is(TokenKind.LeftParenthesis))
            {
                Take();
                Take();
                Take();
            }

            Add(LayoutStepKind.HardLine);
        }

        Take();
        Add(LayoutStepKind.Space);
        BuildScope();
        while (Is(TokenKind.Identifier))
        {
            BuildCondition();
        }

        Take();
        return _steps;
    }

    private void BuildScope()
    {
        var begin = Reserve();
        var isBare = true;
        Take();
        Add(LayoutStepKind.Indent);
        Add(LayoutStepKind.SoftLine);
        while (!Is(TokenKind.RightParenthesis))
        {
            Take();
            while (!Is(TokenKind.Comma) && !Is(TokenKind.RightParenthesis))
            {
                isBare = false;
                BuildConstraint();
            }

            TakeComma(LayoutStepKind.Line);
        }

        FlushComments();
        Add(LayoutStepKind.Dedent);
        Add(isBare ? LayoutStepKind.SoftLine : LayoutStepKind.HardLine);
        Take();
        Group(begin);
    }

    /// <summary>One of <c>== E</c>, <c>in E</c>, <c>in [E, F]</c>, <c>is T</c>.</summary>
    private void BuildConstraint()
    {
        Add(LayoutStepKind.Space);
        Take();
        Add(LayoutStepKind.Space);
        BuildUnary();
    }

    private void BuildCondition()
    {
        Add(LayoutStepKind.HardLine);
        FlushComments();
        var begin = Reserve();
        Take();
        Add(LayoutStepKind.Line);
        Take();
        Add(LayoutStepKind.Indent);
        Add(LayoutStepKind.Line);
        BuildExpression();
        FlushComments();
        Add(LayoutStepKind.Dedent);
        Add(LayoutStepKind.Line);
        Take();
        Group(begin);
    }

    private bool Is(TokenKind kind) => _token.Token.Kind == kind;

    private bool IsWord(string word) => Is(TokenKind.Identifier) && _text.AsSpan(_token.Token.Span.Start, _token.Token.Span.Length).SequenceEqual(word);

    private void Add(LayoutStepKind kind) => _steps.Add(new LayoutStep(kind));

    private int Reserve()
    {
        Add(LayoutStepKind.None);
        return _steps.Count - 1;
    }

    private void Group(int begin)
    {
        _steps[begin] = new LayoutStep(LayoutStepKind.Begin);
        Add(LayoutStepKind.End);
    }

    /// <summary>Lays out the token with its comments and goes on.</summary>
    private void Take()
    {
        Put(_token);
        _token = _tokens.Read();
    }

    /// <summary>Takes a comma between two elements. One behind the last is dropped, and its comments go to what closes the list.</summary>
    private void TakeComma(LayoutStepKind line)
    {
        if (!Is(TokenKind.Comma))
        {
            return;
        }

        var comma = _token;
        _token = _tokens.Read();
        if (Is(TokenKind.RightParenthesis) || Is(TokenKind.RightBracket) || Is(TokenKind.RightBrace))
        {
            List<SourceSpan> above = [.. comma.Above ?? [], .. comma.Behind is { } behind ? [behind] : Array.Empty<SourceSpan>(), .. _token.Above ?? []];
            _token = _token with { Above = above };
            return;
        }

        Put(comma);
        Add(line);
    }

    /// <summary>Lays out the comments above the next token here: outside a group that begins with it, inside one that it ends.</summary>
    private void FlushComments()
    {
        PutAbove(_token);
        _token = _token with { Above = null };
    }

    private void PutAbove(CommentedToken token)
    {
        foreach (var comment in token.Above ?? [])
        {
            _steps.Add(new LayoutStep(LayoutStepKind.CommentAbove, comment.Start, comment.Length));
        }
    }

    private void Put(CommentedToken token)
    {
        PutAbove(token);
        _steps.Add(new LayoutStep(LayoutStepKind.Text, token.Token.Span.Start, token.Token.Span.Length));
        if (token.Behind is { } behind)
        {
            _steps.Add(new LayoutStep(LayoutStepKind.CommentBehind, behind.Start, behind.Length));
        }
    }

    private static void Guard()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new PolicySyntaxException([new CedarDiagnostic("the expression is nested too deep to be formatted here")]);
        }
    }
}
