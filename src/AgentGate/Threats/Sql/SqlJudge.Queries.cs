namespace AgentGate.Threats.Sql;

/// <summary>Queries that are appended, and the clauses that probe them.</summary>
internal ref partial struct SqlJudge
{
    /// <summary><c>union [all] select</c> after something that is not a query.</summary>
    private readonly void Union(scoped in SqlGrammar grammar, int at)
    {
        var select = grammar.Next(at);
        while (grammar.WordAt(select) is SqlWord.All or SqlWord.Distinct)
        {
            select = grammar.Next(select);
        }

        select = grammar.SkipOpeners(select);
        while (grammar[select].Kind == SqlKind.Arithmetic && grammar[select].Symbol is '-' or '+')
        {
            select = grammar.SkipOpeners(grammar.Next(select));
        }

        if (grammar.WordAt(select) is not (SqlWord.Select or SqlWord.Values) || grammar.WordAt(grammar.Next(select)) == SqlWord.Prose)
        {
            return;
        }

        if ((grammar[select].Gap & SqlGap.Line) != 0 && IsCommented(grammar, at))
        {
            return;
        }

        // "The union select committee meeting": names in a row, with nothing between them, are a sentence.
        if (NamesInARow(grammar, grammar.Next(select)) > 2)
        {
            return;
        }

        var left = Left(grammar, at);
        var isPlainName = grammar[grammar.Next(select)].Kind == SqlKind.Word && grammar.WordAt(grammar.Next(select)) == SqlWord.None;
        var (argument, chat) = left switch
        {
            SqlLeft.Break => (94, 90),
            SqlLeft.Start or SqlLeft.Number or SqlLeft.Paren or SqlLeft.Opened => (90, IsLead ? 86 : 50),
            SqlLeft.Word => (isPlainName ? 60 : 85, IsLead && !isPlainName ? 78 : 30),
            _ => (88, IsLead ? 78 : 40),
        };
        if (_statement)
        {
            chat = left == SqlLeft.Break ? 60 : 30;
        }
        else if (IsObfuscated(grammar, select))
        {
            chat = Math.Max(chat, 85);
        }

        Report("sql.union", grammar, at, select + 1, argument, chat);
    }

    private static int NamesInARow(scoped in SqlGrammar grammar, int at)
    {
        var names = 0;
        while (names < 3 && grammar[at].Kind == SqlKind.Word && grammar.WordAt(at) is SqlWord.None or SqlWord.Prose)
        {
            names++;
            at = grammar.Next(at);
        }

        return names;
    }

    /// <summary>Whether a comment to the end of the line began before a place.</summary>
    private static bool IsCommented(scoped in SqlGrammar grammar, int at)
    {
        for (var index = at; index > 0 && index > at - 16 && (grammar[index].Gap & SqlGap.Line) == 0; index--)
        {
            if (grammar[index - 1].Kind == SqlKind.LineComment)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>order by 9</c>, <c>group by x having …</c> that counts the columns of another's query.</summary>
    private readonly void Sorting(scoped in SqlGrammar grammar, int at)
    {
        var by = grammar.Next(at);
        if (grammar.WordAt(by) != SqlWord.By)
        {
            return;
        }

        var left = Left(grammar, at);
        var end = grammar.Expression(grammar.Next(by), out var operand);
        for (var items = 0; end >= 0 && items < 64 && grammar[end].Kind == SqlKind.Comma; items++)
        {
            var more = grammar.Expression(grammar.Next(end), out var next);
            operand = next > operand ? next : operand;
            if (more < 0)
            {
                break;
            }

            end = more;
        }

        if (end < 0 || operand == SqlOperand.None)
        {
            return;
        }

        end = grammar.WordAt(end) is SqlWord.Asc or SqlWord.Desc ? grammar.Next(end) : end;
        var goesOn = grammar.WordAt(end) is SqlWord.Having or SqlWord.Limit or SqlWord.Union || grammar[end].Kind is SqlKind.Comma or SqlKind.Close;
        if (!grammar.Ends(end) && !goesOn)
        {
            return;
        }

        var cut = grammar.CutsOff(end);
        var isPosition = operand is SqlOperand.Constant or SqlOperand.Query or SqlOperand.Function;
        var (argument, chat) = left switch
        {
            SqlLeft.Break => (85, isPosition || cut || goesOn ? 82 : 40),
            SqlLeft.Paren => isPosition ? (75, 50) : (0, 0),
            SqlLeft.Start => isPosition ? (64, cut ? 60 : 20) : goesOn ? (55, 20) : (0, 0),
            SqlLeft.Number or SqlLeft.Value => isPosition ? (70, cut && IsLead ? 78 : 30) : (0, 0),
            _ => (0, 0),
        };
        Report("sql.sorting", grammar, at, end, argument, _statement ? 20 : chat);
    }

    /// <summary><c>into outfile</c>, <c>procedure analyse</c>, <c>limit 1</c> behind a closed string.</summary>
    private readonly void Clause(scoped in SqlGrammar grammar, int at)
    {
        var next = grammar.Next(at);
        var left = Left(grammar, at);
        switch (grammar.WordAt(at))
        {
            case SqlWord.Into when grammar.WordAt(next) == SqlWord.Outfile:
                Report("sql.file", grammar, at, next + 1, 85, left is SqlLeft.Break or SqlLeft.Number ? 80 : 50, 85);
                break;
            case SqlWord.Into when grammar[next].Symbol == '@' && left is SqlLeft.Number or SqlLeft.Break:
                Report("sql.probe", grammar, at, next + 1, 60, 20);
                break;
            case SqlWord.Procedure when grammar.WordAt(next) == SqlWord.Analyse && grammar[grammar.Next(next)].Kind == SqlKind.Open:
                Report("sql.probe", grammar, at, next + 1, 85, left is SqlLeft.Break or SqlLeft.Number or SqlLeft.Paren ? 80 : 50);
                break;
            case SqlWord.Limit when left == SqlLeft.Break && grammar[next].Kind == SqlKind.Number:
                Report("sql.probe", grammar, at, next + 1, 70, grammar.CutsOff(next + 1) ? 78 : 40);
                break;
        }
    }

    /// <summary><c>case when … then … end</c> as a value.</summary>
    private readonly void Choice(scoped in SqlGrammar grammar, int at)
    {
        var next = grammar.Next(at);
        if (grammar.WordAt(next) != SqlWord.When)
        {
            next = grammar.Expression(next, out _);
        }

        if (next < 0 || grammar.WordAt(next) != SqlWord.When)
        {
            return;
        }

        var then = grammar.Condition(grammar.Next(next), out var condition);
        if (then >= 0 && condition != SqlCondition.None && grammar.WordAt(grammar.SkipClosers(then)) == SqlWord.Then)
        {
            Report("sql.probe", grammar, at, then, 62, 20);
        }
    }

    /// <summary>A value that belongs to the system: <c>@@version</c>.</summary>
    private readonly void Variable(scoped in SqlGrammar grammar, int at)
    {
        var text = grammar.TextOf(at);
        if (text.Length > 4 && text[1] == '@' && char.IsAsciiLetter(text[2]))
        {
            Report("sql.probe", grammar, at, at + 1, 60, 20);
        }
        else if (at == 0 && grammar.CutsOff(at + 1) && grammar[at + 1].Symbol != '#' && IsEmptyLine(grammar, at + 2))
        {
            Report("sql.truncation", grammar, at, at + 2, 55, 20);
        }
    }

    /// <summary>A text that is nothing but an expression and the comment that cuts off what follows it.</summary>
    private readonly void Whole(scoped in SqlGrammar grammar)
    {
        var values = 0;
        var depth = 0;
        if (grammar[0] is { Kind: SqlKind.Quote, Symbol: '\'' } && grammar.Condition(0, out var condition) is var end and > 4 && condition == SqlCondition.Constant && grammar.Ends(end))
        {
            Report("sql.tautology", grammar, 0, end, 55, 20);
        }

        for (var at = 0; at < grammar.Count; at++)
        {
            var token = grammar[at];
            switch (token.Kind)
            {
                case SqlKind.LineComment or SqlKind.BlockOpen when token.Symbol != '#' || grammar[at + 1].Kind == SqlKind.End:
                    if (values > 0 && IsEmptyLine(grammar, at + 1))
                    {
                        Report("sql.truncation", grammar, 0, at + 1, 56, 20);
                    }

                    return;
                case SqlKind.Quote when at == 0:
                case SqlKind.Comma when depth == 0:
                case SqlKind.Other or SqlKind.End:
                    return;
                case SqlKind.Word when token.Word == SqlWord.None && grammar[at + 1].Kind != SqlKind.Open && grammar[at + 1].Kind != SqlKind.Quote && !(at > 0 && grammar[at - 1].Kind == SqlKind.Quote):
                case SqlKind.Word when token.Word == SqlWord.Prose && grammar[at - 1].Kind != SqlKind.Quote:
                    return;
                case SqlKind.Open:
                    depth++;
                    break;
                case SqlKind.Close:
                    depth--;
                    break;
                case SqlKind.Number or SqlKind.Variable or SqlKind.Quote:
                    values++;
                    break;
            }
        }
    }
}
