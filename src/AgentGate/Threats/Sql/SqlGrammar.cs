namespace AgentGate.Threats.Sql;

/// <summary>What a condition is made of.</summary>
internal enum SqlCondition
{
    /// <summary>No condition.</summary>
    None,

    /// <summary>Constants compared with constants, or a thing with itself: its value is known beforehand.</summary>
    Constant,

    /// <summary>A query or a function of the database decides.</summary>
    Query,

    /// <summary>A name is compared with something.</summary>
    Column,

    /// <summary>A bare value.</summary>
    Bare,

    /// <summary>A bare name: in a sentence any word is one.</summary>
    Name,
}

/// <summary>What an operand is.</summary>
internal enum SqlOperand
{
    None,
    Constant,
    Name,
    Function,
    Query,
}

/// <summary>
/// Fragments of the grammar, each tried at one place and bounded: no method reads more than <see cref="Reach"/> tokens,
/// and none calls itself on what is nested. Positions are indices of tokens; -1 is "not this".
/// </summary>
internal readonly ref struct SqlGrammar(ReadOnlySpan<char> text, ReadOnlySpan<SqlToken> tokens)
{
    /// <summary>How far ahead a fragment is read.</summary>
    public const int Reach = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<SqlToken> _tokens = tokens;

    public int Count => _tokens.Length;

    private static readonly SqlToken s_none;

    public ref readonly SqlToken this[int index] => ref (uint)index < (uint)_tokens.Length ? ref _tokens[index] : ref s_none;

    public ReadOnlySpan<char> TextOf(int index) => _text.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>The text of a token; nothing outside of the text.</summary>
    public ReadOnlySpan<char> TextAt(int index) => (uint)index < (uint)_tokens.Length ? TextOf(index) : default;

    public SqlWord WordAt(int index) => this[index].Word;

    /// <summary>The next token that is code: comments to the end of their line and marks of comments are stepped over.</summary>
    public int Code(int at)
    {
        var limit = Math.Min(_tokens.Length, at + Reach);
        while (at < limit)
        {
            var kind = _tokens[at].Kind;
            if (kind == SqlKind.BlockClose || (kind == SqlKind.BlockOpen && ClosesLater(at)))
            {
                at++;
            }
            else if (kind == SqlKind.LineComment)
            {
                var next = at + 1;
                while (next < limit && (_tokens[next].Gap & SqlGap.Line) == 0)
                {
                    next++;
                }

                if (next >= limit)
                {
                    return at;
                }

                at = next;
            }
            else
            {
                return at;
            }
        }

        return at;
    }

    public int Next(int at) => Code(at + 1);

    /// <summary>Whether the text ends here, for a server: at the end, at a comment, at a terminator.</summary>
    public bool Ends(int at) => this[at].Kind is SqlKind.End or SqlKind.LineComment or SqlKind.BlockOpen or SqlKind.Semicolon || IsNull(at);

    /// <summary>Whether a comment cuts off the rest.</summary>
    public bool CutsOff(int at) => this[at].Kind is SqlKind.LineComment or SqlKind.BlockOpen || (this[at].Kind == SqlKind.Semicolon && this[at + 1].Kind is SqlKind.LineComment or SqlKind.BlockOpen);

    /// <summary>Steps over parentheses and brackets that close.</summary>
    public int SkipClosers(int at)
    {
        var limit = at + Reach;
        while (at < limit && (this[at].Kind == SqlKind.Close || (this[at].Kind == SqlKind.Arithmetic && this[at].Symbol == '%' && this[at + 1].Kind == SqlKind.Close)))
        {
            at++;
        }

        return at;
    }

    /// <summary>Steps over parentheses that open.</summary>
    public int SkipOpeners(int at)
    {
        at = Code(at);
        var limit = at + Reach;
        while (at < limit && this[at].Kind == SqlKind.Open)
        {
            at = Next(at);
        }

        return at;
    }

    /// <summary>Reads one operand with its signs.</summary>
    /// <returns>The position behind it, or -1.</returns>
    public int Operand(int at, out SqlOperand operand)
    {
        operand = SqlOperand.None;
        at = Code(at);
        for (var signs = 0; signs < 12 && IsSign(at); signs++)
        {
            at = Next(at);
        }

        var token = this[at];
        switch (token.Kind)
        {
            case SqlKind.Number:
                operand = SqlOperand.Constant;
                return Next(at);
            case SqlKind.Variable:
                operand = SqlOperand.Constant;
                return Next(at);
            case SqlKind.Quote:
                return StringEnd(at, out operand);
            case SqlKind.Open:
                operand = SqlWords.IsStatement(WordAt(SkipOpeners(at))) || WordAt(SkipOpeners(at)) == SqlWord.Case ? SqlOperand.Query : Inside(Next(at));
                return Matching(at);
            case SqlKind.Word:
                return Name(at, out operand);
            default:
                return -1;
        }
    }

    /// <summary>Reads operands joined by operators of arithmetic.</summary>
    public int Expression(int at, out SqlOperand operand)
    {
        at = Operand(at, out operand);
        for (var parts = 0; at >= 0 && parts < 24 && IsArithmetic(at); parts++)
        {
            var next = Operand(Next(at), out var part);
            if (next < 0)
            {
                return at;
            }

            operand = (SqlOperand)Math.Max((int)operand, (int)part);
            at = next;
        }

        return at;
    }

    /// <summary>Reads a condition, alone or inside of parentheses that may stay open.</summary>
    public int Condition(int at, out SqlCondition condition)
    {
        at = Code(at);
        var inner = at;
        for (var depth = 0; depth < 32 && (this[inner].Kind is SqlKind.Open or SqlKind.Bang || WordAt(inner) == SqlWord.Not); depth++)
        {
            inner = Next(inner);
        }

        var end = Comparison(inner, out condition);
        if (inner != at && condition is SqlCondition.None or SqlCondition.Bare or SqlCondition.Name)
        {
            var whole = Comparison(at, out var outer);
            if (whole >= 0 && outer != SqlCondition.None)
            {
                condition = outer;
                return whole;
            }
        }

        return end;
    }

    private int Comparison(int at, out SqlCondition condition)
    {
        condition = SqlCondition.None;
        if (WordAt(at) == SqlWord.Exists && this[Next(at)].Kind == SqlKind.Open)
        {
            condition = SqlCondition.Query;
            return Matching(Next(at));
        }

        var from = at;
        at = Expression(at, out var left);
        if (at < 0)
        {
            return -1;
        }

        var middle = SkipClosers(at);
        var right = ComparisonTail(middle, out var end);
        if (end < 0)
        {
            condition = left == SqlOperand.Query ? SqlCondition.Query : left == SqlOperand.Function ? SqlCondition.Query : left == SqlOperand.None ? SqlCondition.None
                : left == SqlOperand.Name ? SqlCondition.Name : SqlCondition.Bare;
            return at;
        }

        condition = left == SqlOperand.Query || right == SqlOperand.Query || left == SqlOperand.Function || right == SqlOperand.Function ? SqlCondition.Query
            : left == SqlOperand.Constant && right == SqlOperand.Constant ? SqlCondition.Constant
            : Same(from, at, end) ? SqlCondition.Constant
            : SqlCondition.Column;
        return end;
    }

    /// <summary>Reads a comparison's operator and what it compares with.</summary>
    private SqlOperand ComparisonTail(int at, out int end)
    {
        end = -1;
        var negated = WordAt(at) == SqlWord.Not || this[at].Kind == SqlKind.Bang;
        at = negated ? Next(at) : at;
        var token = this[at];
        SqlOperand right;
        if (token.Kind == SqlKind.Compare)
        {
            at = Next(at);
            at = WordAt(at) is SqlWord.All or SqlWord.Exists or SqlWord.Binary ? Next(at) : at;
            end = Expression(at, out right);
            if (end < 0 && Ends(Code(at)))
            {
                // 'a'='  : the string around the injection goes on.
                end = at;
                return SqlOperand.Constant;
            }

            return right;
        }

        switch (token.Word)
        {
            case SqlWord.Like:
                end = Expression(Next(at), out right);
                return right;
            case SqlWord.Sounds when WordAt(Next(at)) == SqlWord.Like:
                end = Expression(Next(Next(at)), out right);
                return right;
            case SqlWord.Is:
                at = Next(at);
                at = WordAt(at) == SqlWord.Not ? Next(at) : at;
                end = WordAt(at) is SqlWord.Null or SqlWord.True or SqlWord.False or SqlWord.Unknown ? Next(at) : -1;
                return SqlOperand.Name;
            case SqlWord.In when this[Next(at)].Kind == SqlKind.Open:
                end = Operand(Next(at), out right);
                return right;
            case SqlWord.Between:
                end = Expression(Next(at), out right);
                if (end >= 0 && WordAt(end) == SqlWord.And)
                {
                    end = Expression(Next(end), out _);
                    return right;
                }

                end = -1;
                return right;
            default:
                return SqlOperand.None;
        }
    }

    /// <summary>The position behind a string: behind its closing mark, or at the end of the text when it stays open.</summary>
    private int StringEnd(int at, out SqlOperand operand)
    {
        operand = this[at].Symbol == '`' ? SqlOperand.Name : SqlOperand.Constant;
        if (!this[at].IsMark)
        {
            return Next(at);
        }

        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at + 1; next < limit; next++)
        {
            if (this[next].Kind == SqlKind.Quote && this[next].Symbol == this[at].Symbol && this[next].IsMark)
            {
                return Next(next);
            }
        }

        return limit;
    }

    private int Name(int at, out SqlOperand operand)
    {
        operand = SqlOperand.None;
        var word = WordAt(at);
        if (word is SqlWord.Null or SqlWord.True or SqlWord.False)
        {
            operand = SqlOperand.Constant;
            return Next(at);
        }

        if (word == SqlWord.Case)
        {
            operand = SqlOperand.Query;
            return CaseEnd(at);
        }

        if (word == SqlWord.Exists && this[Next(at)].Kind == SqlKind.Open)
        {
            operand = SqlOperand.Query;
            return Matching(Next(at));
        }

        if (SqlWords.IsReserved(word) && !(this[Next(at)].Kind == SqlKind.Open && word == SqlWord.Like))
        {
            return -1;
        }

        var known = word is SqlWord.Tell or SqlWord.Leak or SqlWord.Wait or SqlWord.System;
        at = Next(at);
        for (var parts = 0; parts < 6 && this[at].Kind == SqlKind.Dot; parts++)
        {
            var part = Next(at);
            if (this[part].Kind == SqlKind.Dot)
            {
                part = Next(part);
            }

            if (this[part].Kind is not (SqlKind.Word or SqlKind.Quote or SqlKind.Number) && this[part].Symbol != '*')
            {
                break;
            }

            known |= WordAt(part) is SqlWord.Wait or SqlWord.Leak;
            at = Next(part);
        }

        if (this[at].Kind == SqlKind.Open)
        {
            operand = known || SqlWords.IsFunction(word) || word == SqlWord.Like || (word == SqlWord.Object && this[at + 1].Kind == SqlKind.Close)
                ? SqlOperand.Function : SqlOperand.Name;
            return Matching(at);
        }

        if (this[at].Kind == SqlKind.Quote && this[at].Gap == SqlGap.None && this[at - 1].Length <= 7 && (this[at - 1].Length == 1 || this[at - 1].Symbol == '_'))
        {
            return StringEnd(at, out operand);   // N'text', x'6162', _latin1'text'
        }

        operand = known && word == SqlWord.Tell ? SqlOperand.Function : SqlOperand.Name;
        return at;
    }

    private int CaseEnd(int at)
    {
        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at + 1; next < limit; next++)
        {
            if (_tokens[next].Word == SqlWord.End)
            {
                return Next(next);
            }
        }

        return limit;
    }

    /// <summary>The position behind the parenthesis that closes this one, or the end of reach when it stays open.</summary>
    public int Matching(int at)
    {
        var depth = 0;
        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at; next < limit; next++)
        {
            if (_tokens[next].Kind == SqlKind.Open)
            {
                depth++;
            }
            else if (_tokens[next].Kind == SqlKind.Close && --depth == 0)
            {
                return Next(next);
            }
        }

        return limit;
    }

    /// <summary>What parentheses hold, told by their first word.</summary>
    private SqlOperand Inside(int at)
    {
        at = SkipOpeners(at);
        var token = this[at];
        return token.Kind switch
        {
            SqlKind.Number or SqlKind.Quote or SqlKind.Variable => SqlOperand.Constant,
            SqlKind.Arithmetic or SqlKind.Bang => SqlOperand.Constant,
            SqlKind.Word when SqlWords.IsFunction(token.Word) && this[Next(at)].Kind == SqlKind.Open => SqlOperand.Function,
            SqlKind.Word when token.Word is SqlWord.True or SqlWord.False or SqlWord.Null or SqlWord.Binary or SqlWord.Not => SqlOperand.Constant,
            SqlKind.Word when !SqlWords.IsReserved(token.Word) => SqlOperand.Name,
            _ => SqlOperand.None,
        };
    }

    private bool Same(int from, int behind, int end)
    {
        var length = behind - from;
        var right = end - length;
        if (length is < 1 or > 6 || right <= behind)
        {
            return false;
        }

        for (var index = 0; index < length; index++)
        {
            if (!TextOf(from + index).Equals(TextOf(right + index), StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSign(int at) => this[at] is { Kind: SqlKind.Arithmetic, Symbol: '-' or '+' or '~' } or { Kind: SqlKind.Bang } || (this[at].Kind == SqlKind.Other && this[at].Symbol is '{' or '[')
        || this[at].Kind == SqlKind.LineComment && this[at].Length == 2 && this[at + 1].Kind is SqlKind.Number
        || WordAt(at) is SqlWord.Binary or SqlWord.Not or SqlWord.Distinct;

    private bool IsArithmetic(int at) => this[at].Kind is SqlKind.Arithmetic or SqlKind.Concat || WordAt(at) is SqlWord.Div or SqlWord.Collate or SqlWord.Escape;

    private bool IsNull(int at) => this[at].Kind == SqlKind.Arithmetic && this[at].Symbol == '%' && this[at + 1].Kind == SqlKind.Number && TextOf(at + 1).StartsWith("00");

    private bool ClosesLater(int at)
    {
        var limit = Math.Min(_tokens.Length, at + Reach);
        for (var next = at + 1; next < limit; next++)
        {
            if (_tokens[next].Kind == SqlKind.BlockClose)
            {
                return true;
            }
        }

        return false;
    }
}
