namespace AgentGate.Threats.Sql;

/// <summary>The shape of <c>select … from …</c>, told from sentences by what sentences do not have.</summary>
internal static class SqlSelects
{
    /// <summary>0 is none, 1 may be a sentence, 2 is a query.</summary>
    public static int Shape(in SqlGrammar grammar, int at)
    {
        var next = grammar.Next(at);
        while (grammar.WordAt(next) is SqlWord.Distinct or SqlWord.All)
        {
            next = grammar.Next(next);
        }

        var evidence = 0;
        if (grammar.WordAt(next) == SqlWord.Top && grammar[grammar.Next(next)].Kind == SqlKind.Number)
        {
            next = grammar.Next(grammar.Next(next));
            evidence++;
        }

        var alias = false;
        var isList = false;
        var strongest = SqlOperand.None;
        for (var items = 0; items < 64; items++)
        {
            next = Item(grammar, next, ref evidence, ref strongest, ref alias);
            if (next < 0)
            {
                return 0;
            }

            if (grammar[next].Kind != SqlKind.Comma)
            {
                break;
            }

            evidence += items == 0 ? 1 : 0;
            isList = true;
            next = grammar.Next(next);
        }

        return grammar.WordAt(next) switch
        {
            SqlWord.From => Source(grammar, at, next, evidence),
            SqlWord.Into => 1,
            _ => Bare(grammar, at, next, strongest, alias, isList),
        };
    }

    private static int Item(in SqlGrammar grammar, int at, ref int evidence, ref SqlOperand strongest, ref bool alias)
    {
        var token = grammar[at];
        if (token.Kind == SqlKind.Arithmetic && token.Symbol == '*')
        {
            evidence++;
            strongest = SqlOperand.Query;
            return grammar.Next(at);
        }

        if (token.Kind == SqlKind.Word && token.Word == SqlWord.Prose && grammar[at + 1].Kind != SqlKind.Dot && grammar[at + 1].Kind != SqlKind.Comma)
        {
            return -1;
        }

        var end = grammar.Expression(at, out var operand);
        if (end < 0)
        {
            return -1;
        }

        var text = grammar.TextAt(at);
        if (operand is not SqlOperand.Name || end > at + 1 || text.ContainsAny('_', '$'))
        {
            evidence++;
        }

        strongest = operand > strongest ? operand : strongest;
        if (grammar[end].Kind == SqlKind.Compare)
        {
            return grammar.Expression(grammar.Next(end), out _);
        }

        if (grammar.WordAt(end) == SqlWord.As)
        {
            alias = true;
            return grammar.Next(grammar.Next(end));
        }

        if (grammar[end].Kind == SqlKind.Word && grammar.WordAt(end) == SqlWord.None || grammar[end] is { Kind: SqlKind.Quote, Symbol: '`' or '"' })
        {
            alias = true;
            return grammar[end].Kind == SqlKind.Quote ? grammar.Operand(end, out _) : grammar.Next(end);
        }

        return end;
    }

    private static int Source(in SqlGrammar grammar, int select, int from, int evidence)
    {
        var table = grammar.SkipOpeners(grammar.Next(from));
        if (grammar.WordAt(table) == SqlWord.Select)
        {
            return 2;
        }

        var end = SqlStatements.TableEnd(grammar, table);
        if (end < 0)
        {
            return 0;
        }

        evidence += grammar.WordAt(table) == SqlWord.System || end > table + 1 || grammar.TextAt(table).ContainsAny('_', '$') ? 1 : 0;
        evidence += SqlStatements.IsShouted(grammar, select) && SqlStatements.IsShouted(grammar, from) ? 1 : 0;
        evidence += grammar[from].Gap == SqlGap.Comment ? 1 : 0;
        if (grammar[end].Kind == SqlKind.Word && grammar.WordAt(end) is SqlWord.None or SqlWord.As)
        {
            end = grammar.WordAt(end) == SqlWord.As ? grammar.Next(grammar.Next(end)) : grammar.Next(end);
        }

        if (grammar.WordAt(end) is SqlWord.Where or SqlWord.Having && grammar.Condition(grammar.Next(end), out var condition) >= 0
            && condition is not (SqlCondition.None or SqlCondition.Name))
        {
            evidence++;
        }
        else if (grammar[end].Kind == SqlKind.Semicolon || grammar.CutsOff(end))
        {
            evidence++;
        }
        else if (grammar.WordAt(end) is SqlWord.Order or SqlWord.Group && grammar.WordAt(grammar.Next(end)) == SqlWord.By)
        {
            evidence++;
        }
        else if (grammar.WordAt(end) == SqlWord.Limit)
        {
            evidence++;
        }
        else if (grammar[end].Kind == SqlKind.Word && grammar.WordAt(end) is SqlWord.None or SqlWord.Prose)
        {
            evidence--;
        }

        return evidence > 0 ? 2 : 1;
    }

    private static int Bare(in SqlGrammar grammar, int select, int next, SqlOperand strongest, bool alias, bool isList)
    {
        if (strongest is SqlOperand.None or SqlOperand.Name || alias && strongest == SqlOperand.Constant)
        {
            return 0;
        }

        if (!grammar.Ends(next) && grammar[next].Kind is not (SqlKind.Close or SqlKind.Quote) && grammar.WordAt(next) is not (SqlWord.Union or SqlWord.Where or SqlWord.Limit or SqlWord.Order or SqlWord.Begin or SqlWord.Goto))
        {
            return 1;
        }

        return isList || strongest is SqlOperand.Query or SqlOperand.Function || grammar[grammar.Next(select)].Kind == SqlKind.Variable || (grammar[next].Kind == SqlKind.Close && !alias) ? 2 : 1;
    }
}
