namespace AgentGate.Threats.Sql;

/// <summary>Conditions that widen or probe a filter, and strings that are broken out of.</summary>
internal ref partial struct SqlJudge
{
    /// <summary><c>or 1=1</c>, <c>' and sleep(5)</c>, <c>1 || (select …)</c>.</summary>
    private readonly void Boolean(scoped in SqlGrammar grammar, int at)
    {
        // "cats and dogs run": in a sentence a word follows, and another word or the end.
        if (grammar[at + 1] is { Kind: SqlKind.Word, Word: SqlWord.None or SqlWord.Prose } && grammar[at + 2].Kind is SqlKind.End or SqlKind.Comma or SqlKind.Word
            && grammar[at + 2].Word is SqlWord.None or SqlWord.Prose or SqlWord.And or SqlWord.Or)
        {
            return;
        }

        var left = Left(grammar, at);
        if (left is SqlLeft.Operator or SqlLeft.Semicolon)
        {
            return;
        }

        var isWord = grammar[at].Kind == SqlKind.Word;
        var end = grammar.Condition(grammar.Next(at), out var condition);
        if (end < 0 || condition == SqlCondition.None)
        {
            return;
        }

        var tail = grammar.SkipClosers(end);
        var ends = grammar.Ends(tail);
        var cut = grammar.CutsOff(tail);
        var isOr = grammar.WordAt(at) == SqlWord.Or || !isWord;
        var hidden = IsObfuscated(grammar, at) && IsObfuscated(grammar, at + 1);
        var (argument, chat) = (left, condition) switch
        {
            (SqlLeft.Break, SqlCondition.Constant) => (95, 90),
            (SqlLeft.Break, SqlCondition.Query) => (90, 85),
            (SqlLeft.Break, SqlCondition.Column) => (80, ends ? 80 : 50),
            (SqlLeft.Break, SqlCondition.Bare) => cut ? (85, 80) : ends && IsLead && Symbol(grammar, at) == '\'' ? (72, 60) : (0, 0),
            (SqlLeft.Break, SqlCondition.Name) => cut ? (75, 60) : (0, 0),
            (SqlLeft.Paren, SqlCondition.Constant) => (85, 76),
            (SqlLeft.Paren, SqlCondition.Query) => (80, cut ? 78 : 60),
            (SqlLeft.Paren, SqlCondition.Column) => ends ? (60, 30) : (0, 0),
            (SqlLeft.Paren, SqlCondition.Bare) => cut ? (70, 60) : (0, 0),
            (SqlLeft.Start or SqlLeft.Opened, SqlCondition.Constant) => (85, 80),
            (SqlLeft.Start or SqlLeft.Opened, SqlCondition.Query) => (75, 60),
            (SqlLeft.Start, SqlCondition.Column) => (ends && HasMark(grammar, at, end)) || cut ? (55, 30) : (0, 0),
            (SqlLeft.Start, SqlCondition.Bare) => cut || (ends && grammar[end - 1].Kind == SqlKind.Word) || !isWord ? (55, 30) : (0, 0),
            (SqlLeft.Number or SqlLeft.Value, SqlCondition.Constant) => (85, IsLead ? 80 : 45),
            (SqlLeft.Number or SqlLeft.Value, SqlCondition.Query) => (IsLead || isWord ? 78 : 60, !IsLead ? 30 : left == SqlLeft.Number && isWord ? 76 : 60),
            (SqlLeft.Number, SqlCondition.Column) => IsLead && ends ? (60, 30) : (0, 0),
            (SqlLeft.Number or SqlLeft.Value, SqlCondition.Bare) => cut ? (65, 40) : !isWord && ends && IsLead ? (55, 20) : (0, 0),
            (SqlLeft.Bound, SqlCondition.Constant) => (70, 40),
            (SqlLeft.Bound, SqlCondition.Query) => (30, 20),
            (SqlLeft.Word, SqlCondition.Constant) => (70, IsLead && cut ? 76 : 40),
            (SqlLeft.Word, SqlCondition.Query) => (IsLead ? 62 : 40, 20),
            _ => (0, 0),
        };
        if (argument == 0)
        {
            return;
        }

        if (_statement && left != SqlLeft.Break)
        {
            chat = Math.Min(chat, 40);
        }
        else if (hidden || (condition == SqlCondition.Constant && StaysOpen(grammar, at, tail)))
        {
            chat = Math.Max(chat, 80);
        }

        Report(condition == SqlCondition.Constant ? "sql.tautology" : "sql.condition", grammar, at, tail, argument, chat, isOr && condition == SqlCondition.Constant ? 80 : 0);
    }

    /// <summary><c>having 1=1</c>, <c>where 0=0</c> after nothing that could be filtered.</summary>
    private readonly void Filter(scoped in SqlGrammar grammar, int at)
    {
        var left = Left(grammar, at);
        var end = grammar.Condition(grammar.Next(at), out var condition);
        if (end < 0 || condition is not (SqlCondition.Constant or SqlCondition.Query))
        {
            return;
        }

        var (argument, chat) = left switch
        {
            SqlLeft.Break => (88, 85),
            SqlLeft.Paren => (75, 60),
            SqlLeft.Start or SqlLeft.Number or SqlLeft.Opened => (70, 50),
            _ => condition == SqlCondition.Constant ? (55, 30) : (0, 0),
        };
        Report("sql.filter", grammar, at, end, argument, _statement ? Math.Min(chat, 30) : chat);
    }

    /// <summary><c>like '%'</c>, <c>rlike (select …)</c> where a filter goes on that the text did not begin.</summary>
    private readonly void Pattern(scoped in SqlGrammar grammar, int at)
    {
        var left = Left(grammar, at);
        if (left is not (SqlLeft.Start or SqlLeft.Break or SqlLeft.Number or SqlLeft.Paren) || _words > 2)
        {
            return;
        }

        var next = grammar.Next(at);
        var end = grammar.Expression(next, out var operand);
        if (end < 0)
        {
            return;
        }

        if (grammar[next].Kind == SqlKind.Open && operand is SqlOperand.Query or SqlOperand.Function or SqlOperand.Constant)
        {
            Report("sql.condition", grammar, at, end, 66, left == SqlLeft.Break ? 80 : 30);
        }
        else if (operand == SqlOperand.Constant && left != SqlLeft.Number && grammar[next].Kind == SqlKind.Quote && grammar.Ends(end))
        {
            Report("sql.condition", grammar, at, end, 58, left == SqlLeft.Break ? 60 : 20);
        }
    }

    /// <summary>What follows a mark that may end the string around the injection.</summary>
    private readonly void Breakout(scoped in SqlGrammar grammar, int at)
    {
        var mark = grammar[at];
        if (mark.Quote != SqlQuote.Break)
        {
            return;
        }

        var next = grammar.SkipClosers(at + 1);
        var token = grammar[next];
        switch (token.Kind)
        {
            case SqlKind.LineComment or SqlKind.BlockOpen:
                Truncation(grammar, at, next);
                break;
            case SqlKind.Semicolon:
                if (grammar[next + 1].Kind is SqlKind.LineComment or SqlKind.BlockOpen && IsEmptyLine(grammar, next + 2))
                {
                    Report("sql.truncation", grammar, at, next + 2, 82, 80);
                }

                break;
            case SqlKind.Compare or SqlKind.Arithmetic or SqlKind.Concat or SqlKind.Both:
                Continuation(grammar, at, next);
                break;
            case SqlKind.Comma when grammar[next + 1].Kind == SqlKind.Open && grammar.WordAt(grammar.SkipOpeners(next + 1)) == SqlWord.Select:
                Report("sql.statement", grammar, at, next + 2, 82, 78);
                break;
            case SqlKind.Word when token.Word is SqlWord.Or or SqlWord.And or SqlWord.Xor or SqlWord.Like or SqlWord.Div or SqlWord.Not or SqlWord.Sounds or SqlWord.Is or SqlWord.In or SqlWord.Between:
                Continuation(grammar, at, next);
                break;
        }
    }

    /// <summary><c>admin'--</c>: the rest of the statement is a comment now.</summary>
    private readonly void Truncation(scoped in SqlGrammar grammar, int at, int comment)
    {
        var token = grammar[comment];
        var isEmpty = IsEmptyLine(grammar, comment + 1);
        var isTight = token.Gap == SqlGap.None;
        var isShort = _words <= 2;
        if (token.Symbol == '#')
        {
            if (isEmpty && isShort)
            {
                Report("sql.truncation", grammar, at, comment + 1, 72, IsLead ? 78 : 50);
            }
        }
        else if (isEmpty && (token.Length == 2 || grammar[comment + 1].Kind == SqlKind.End))
        {
            Report("sql.truncation", grammar, at, comment + 1, 82, isTight || isShort ? 82 : 40);
        }
        else if (token.Kind == SqlKind.LineComment && token.Length == 2 && isTight && isShort)
        {
            Report("sql.truncation", grammar, at, comment + 1, 68, 55);
        }
    }

    /// <summary><c>'='</c>, <c>' - 'x</c>, <c>'+(select …)+'</c>: the string goes on in an expression of the attacker's.</summary>
    private readonly void Continuation(scoped in SqlGrammar grammar, int at, int sign)
    {
        var mark = grammar[at];
        var next = grammar.Next(sign);
        while (grammar[next].Kind is SqlKind.Compare or SqlKind.Arithmetic || grammar.WordAt(next) is SqlWord.Like or SqlWord.Not or SqlWord.Binary)
        {
            next = grammar.Next(next);
        }

        var token = grammar[next];
        if (token.Kind == SqlKind.Quote && token.Symbol == mark.Symbol && token.Length <= 3)
        {
            // The shape is only told from prose by being all there is: a string, an operator, a string. Double marks are inches
            // and search terms as well.
            if (mark.Symbol == '"' && ((grammar[next + 1].Kind != SqlKind.End && token.Length != 2) || _words > 0 || grammar[sign].Symbol == '*'))
            {
                return;
            }

            var isLast = grammar[next + 1].Kind == SqlKind.End || token.Length > 1 || grammar[next + 2].Kind is SqlKind.End or SqlKind.Arithmetic or SqlKind.Compare or SqlKind.Quote
                || grammar.Ends(next + 1);
            if (isLast && _words <= 3)
            {
                Report("sql.continuation", grammar, at, next + 1, 64, 40);
            }

            return;
        }

        var end = grammar.Expression(next, out var operand);
        if (end < 0)
        {
            return;
        }

        var tail = grammar.SkipClosers(end);
        if (operand is SqlOperand.Query or SqlOperand.Function)
        {
            Report("sql.continuation", grammar, at, tail, 80, 60);
        }
        else if (operand == SqlOperand.Constant && _words <= 2
            && (grammar.CutsOff(tail) || grammar[tail].Kind == SqlKind.Compare || grammar[sign].Kind == SqlKind.Compare && grammar.Ends(tail)))
        {
            Report("sql.continuation", grammar, at, tail, 66, 50);
        }
    }

    /// <summary>The mark before a place.</summary>
    private static char Symbol(scoped in SqlGrammar grammar, int at)
    {
        while (at >= 0 && grammar[at].Kind != SqlKind.Quote)
        {
            at--;
        }

        return grammar[at].Symbol;
    }

    /// <summary>Whether the last string is not closed: the statement around is to close it.</summary>
    private static bool StaysOpen(scoped in SqlGrammar grammar, int from, int to)
    {
        if (grammar[to].Kind != SqlKind.End)
        {
            return false;
        }

        var marks = 0;
        for (var at = from; at < to; at++)
        {
            marks += grammar[at].IsMark ? 1 : 0;
        }

        return (marks & 1) == 1;
    }

    private static bool HasMark(scoped in SqlGrammar grammar, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (grammar[at].Kind == SqlKind.Quote)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether nothing is said on the line any more: signs at most, or a single word of noise.</summary>
    private static bool IsEmptyLine(scoped in SqlGrammar grammar, int at)
    {
        for (var index = at; index < at + 4; index++)
        {
            var token = grammar[index];
            if (token.Kind == SqlKind.End)
            {
                return true;
            }

            if (token.Kind is SqlKind.Word && index > at)
            {
                return false;
            }

            if (token.Kind is SqlKind.Word)
            {
                return grammar[index + 1].Kind == SqlKind.End && token.Gap == SqlGap.None;
            }
        }

        return false;
    }
}
