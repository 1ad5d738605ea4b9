using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <content>Expressions.</content>
internal sealed partial class LayoutBuilder
{
    /// <summary>A chain of accesses with fewer links stays together.</summary>
    private const int BreakableChain = 4;

    /// <summary><c>||</c> and <c>&amp;&amp;</c>.</summary>
    private const int LastLogicLevel = 2;

    private void BuildExpression()
    {
        Guard();
        FlushComments();
        if (IsWord("if"))
        {
            BuildIf();
        }
        else
        {
            BuildOperators(1);
        }
    }

    private void BuildIf()
    {
        var begin = Reserve();
        BuildBranch();
        Add(LayoutStepKind.Line);
        BuildBranch();
        Add(LayoutStepKind.Line);
        Take();
        Add(LayoutStepKind.Space);
        if (IsWord("if"))
        {
            // `else if` goes on at the same indentation.
            BuildExpression();
        }
        else
        {
            Indented(BuildExpression);
        }

        Group(begin);
    }

    private void BuildBranch()
    {
        Take();
        Add(LayoutStepKind.Space);
        Indented(BuildExpression);
    }

    private void Indented(Action build)
    {
        Add(LayoutStepKind.Indent);
        build();
        Add(LayoutStepKind.Dedent);
    }

    /// <summary>Operands and operators that bind at least as tightly as given. <c>&amp;&amp;</c> or <c>||</c> break all of a chain or none, others where the line is full.</summary>
    private void BuildOperators(int least)
    {
        FlushComments();
        var places = _steps.Count;
        for (var i = 0; i < LastLogicLevel; i++)
        {
            Add(LayoutStepKind.None);
        }

        BuildUnary();
        for (var level = LevelOf(_token.Token); level >= least; level = LevelOf(_token.Token))
        {
            while (LevelOf(_token.Token) == level)
            {
                BuildOperator(level);
            }

            if (level <= LastLogicLevel)
            {
                Group(places + level - 1);
            }
        }
    }

    private void BuildOperator(int level)
    {
        var isPlain = !IsWord("has") && !IsWord("like") && !IsWord("is");
        Add(LayoutStepKind.Space);
        Take();

        // A list or record opens on the line of its operator. `&&` and `||` line up with their operands, others are further in.
        var isHugged = Is(TokenKind.LeftBracket) || Is(TokenKind.LeftBrace);
        var isIndented = level > LastLogicLevel && !isHugged;
        var begin = Reserve();
        Add(isIndented ? LayoutStepKind.Indent : LayoutStepKind.None);
        Add(isPlain && !isHugged ? LayoutStepKind.Line : LayoutStepKind.Space);
        if (isPlain)
        {
            BuildOperators(level + 1);
        }
        else
        {
            BuildUnary();
        }

        if (isIndented)
        {
            Add(LayoutStepKind.Dedent);
            Group(begin);
        }
    }

    /// <summary>From 1, <c>||</c>, to 5, <c>*</c>; 0 for what is no operator.</summary>
    private int LevelOf(Token token) => token.Kind switch
    {
        TokenKind.DoubleBar => 1,
        TokenKind.DoubleAmpersand => 2,
        TokenKind.DoubleEqual or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual => 3,
        TokenKind.Identifier when _text.AsSpan(token.Span.Start, token.Span.Length) is "in" or "has" or "like" or "is" => 3,
        TokenKind.Plus or TokenKind.Minus => 4,
        TokenKind.Star => 5,
        _ => 0,
    };

    private void BuildUnary()
    {
        FlushComments();
        while (Is(TokenKind.Bang) || Is(TokenKind.Minus))
        {
            Take();
        }

        var begin = Reserve();
        BuildPrimary();
        var indent = Reserve();
        List<int>? breaks = null;
        var links = 0;
        while (Is(TokenKind.Dot) || Is(TokenKind.LeftBracket) || Is(TokenKind.LeftParenthesis))
        {
            if (Is(TokenKind.LeftParenthesis))
            {
                BuildList(LayoutStepKind.SoftLine);
                continue;
            }

            if (++links > 1)
            {
                (breaks ??= []).Add(Reserve());
            }

            if (Is(TokenKind.Dot))
            {
                Take();
                Take();
            }
            else
            {
                Take();
                Take();
                Take();
            }
        }

        if (breaks is not null && links >= BreakableChain)
        {
            foreach (var place in breaks)
            {
                _steps[place] = new LayoutStep(LayoutStepKind.SoftLine);
            }

            _steps[indent] = new LayoutStep(LayoutStepKind.Indent);
            Add(LayoutStepKind.Dedent);
            Group(begin);
        }
    }

    private void BuildPrimary()
    {
        switch (_token.Token.Kind)
        {
            case TokenKind.LeftParenthesis:
            case TokenKind.LeftBracket:
                BuildList(LayoutStepKind.SoftLine);
                break;
            case TokenKind.LeftBrace:
                BuildList(LayoutStepKind.Line);
                break;
            default:
                Take();
                while (Is(TokenKind.DoubleColon))
                {
                    Take();
                    Take();
                }

                break;
        }
    }

    /// <summary>What stands between two brackets: expressions, or names and expressions.</summary>
    private void BuildList(LayoutStepKind inside)
    {
        var begin = Reserve();
        var isRecord = Is(TokenKind.LeftBrace);
        Take();
        var isEmpty = IsClosing();
        Add(LayoutStepKind.Indent);
        if (!isEmpty)
        {
            Add(inside);
            while (!IsClosing())
            {
                if (isRecord)
                {
                    Take();
                    Take();
                    Add(LayoutStepKind.Space);
                }

                BuildExpression();
                TakeComma(LayoutStepKind.Line);
            }
        }

        FlushComments();
        Add(LayoutStepKind.Dedent);
        Add(isEmpty ? LayoutStepKind.None : inside);
        Take();
        Group(begin);
    }

    private bool IsClosing() => Is(TokenKind.RightParenthesis) || Is(TokenKind.RightBracket) || Is(TokenKind.RightBrace);
}
