namespace AgentGate.Threats.Sql;

/// <summary>
/// The beginnings of statements. English has the same words in the same order ("select the best option from the list"),
/// so each shape says how sure it is: 0 is none, 1 may be a sentence, 2 is a statement.
/// </summary>
internal static class SqlStatements
{
    /// <summary>Whether it changes or destroys what is stored, or runs something.</summary>
    public static bool Destroys(SqlWord word) => word is SqlWord.Drop or SqlWord.Delete or SqlWord.Truncate or SqlWord.Alter or SqlWord.Update or SqlWord.Insert
        or SqlWord.Grant or SqlWord.Revoke or SqlWord.Exec or SqlWord.Shutdown or SqlWord.Create or SqlWord.Waitfor or SqlWord.Copy or SqlWord.Rename;

    /// <summary>How much the words at a place look like a statement.</summary>
    public static int Shape(in SqlGrammar grammar, int at) => Shape(grammar, at, 0);

    private static int Shape(in SqlGrammar grammar, int at, int depth)
    {
        if (depth > 2)
        {
            return 0;
        }

        var next = grammar.Next(at);
        switch (grammar.WordAt(at))
        {
            case SqlWord.Select:
                return SqlSelects.Shape(grammar, at);
            case SqlWord.Insert or SqlWord.Merge or SqlWord.Replace:
                next = grammar.WordAt(next) == SqlWord.Into ? next : grammar.WordAt(grammar.Next(next)) == SqlWord.Into ? grammar.Next(next) : next;
                return grammar.WordAt(next) == SqlWord.Into && TableEnd(grammar, grammar.Next(next)) is var table and >= 0
                    ? grammar[table].Kind == SqlKind.Open || grammar.WordAt(table) is SqlWord.Values or SqlWord.Select or SqlWord.Set or SqlWord.Using ? 2 : grammar.Ends(table) ? 1 : 0
                    : 0;
            case SqlWord.Update:
                return Update(grammar, next);
            case SqlWord.Delete:
                next = grammar.WordAt(next) == SqlWord.From ? next : grammar.Next(next);
                return grammar.WordAt(next) == SqlWord.From && TableEnd(grammar, grammar.Next(next)) is var from and >= 0 ? Deletes(grammar, next, from) : 0;
            case SqlWord.Drop or SqlWord.Truncate or SqlWord.Alter or SqlWord.Rename or SqlWord.Backup:
                return Schema(grammar, at, next);
            case SqlWord.Create:
                return Create(grammar, next);
            case SqlWord.Grant or SqlWord.Revoke:
                return Privilege(grammar, next);
            case SqlWord.Exec:
                return Execute(grammar, next);
            case SqlWord.Declare:
                return grammar[next].Kind == SqlKind.Variable ? 2 : 0;
            case SqlWord.Set:
                return grammar[next].Kind == SqlKind.Variable && grammar[grammar.Next(next)].Kind == SqlKind.Compare ? 2 : 0;
            case SqlWord.Waitfor:
                return grammar.WordAt(next) == SqlWord.Delay || grammar.TextAt(next).Equals("time", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
            case SqlWord.Begin:
                return grammar.WordAt(next) is SqlWord.Wait or SqlWord.Leak || Shape(grammar, grammar.TextAt(next).Equals("try", StringComparison.OrdinalIgnoreCase) ? grammar.Next(next) : next, depth + 1) == 2
                    || (grammar[next + 1].Kind == SqlKind.Dot && grammar[next + 1].Gap == SqlGap.None && grammar[next + 3].Kind == SqlKind.Open)
                    || (grammar.WordAt(next) == SqlWord.Declare && grammar[grammar.Next(next)].Kind is SqlKind.End or SqlKind.Variable)
                    ? 2
                    : 0;
            case SqlWord.Goto:
                return SqlWords.IsStatement(grammar.WordAt(grammar.Next(next))) ? 2 : 0;
            case SqlWord.If:
                return If(grammar, next);
            case SqlWord.Load:
                return Holds(grammar, next, SqlWord.Infile, 5) ? 2 : 0;
            case SqlWord.Copy:
                var copied = grammar[next].Kind == SqlKind.Open ? grammar.Matching(next) : TableEnd(grammar, next);
                return grammar[next].Kind is SqlKind.Word or SqlKind.Open && copied >= 0 && grammar.WordAt(copied) is SqlWord.From or SqlWord.Prose && (grammar[grammar.Next(copied)].Kind == SqlKind.Quote || grammar.WordAt(grammar.Next(copied)) == SqlWord.Program) ? 2 : 0;
            case SqlWord.Prepare:
                return grammar.WordAt(grammar.Next(next)) == SqlWord.From ? 2 : 0;
            case SqlWord.Bulk:
                return grammar.WordAt(next) == SqlWord.Insert ? 2 : 0;
            case SqlWord.Call:
                return grammar[next].Kind == SqlKind.Word && grammar[next + 1].Kind == SqlKind.Open && grammar[next + 1].Gap == SqlGap.None ? 1 : 0;
            case SqlWord.Do:
                return grammar[next].Kind == SqlKind.Open || SqlWords.IsFunction(grammar.WordAt(next)) && grammar[next + 1].Kind == SqlKind.Open ? 1 : 0;
            case SqlWord.Shutdown:
                // SQL Server's own form does not wait for anybody: SHUTDOWN WITH NOWAIT.
                next = grammar.WordAt(next) == SqlWord.With && grammar[next + 1].Kind == SqlKind.Word ? grammar.Next(next + 1) : next;
                return grammar.CutsOff(next) ? 2 : grammar.Ends(next) ? 1 : 0;
            case SqlWord.Use or SqlWord.Desc or SqlWord.Show:
                next = grammar[next].Kind == SqlKind.Word ? grammar.Next(next) : -1;
                return grammar[next].Kind == SqlKind.Semicolon && grammar.CutsOff(next) ? 2 : grammar[next].Kind is SqlKind.End or SqlKind.Semicolon ? 1 : 0;
            case SqlWord.Print:
                return grammar[next].Kind is SqlKind.Quote or SqlKind.Variable ? 1 : 0;
            case SqlWord.With:
                return grammar[next].Kind == SqlKind.Word && (grammar[next + 1].Kind == SqlKind.Open || grammar.WordAt(next + 1) == SqlWord.As || grammar.WordAt(next + 2) == SqlWord.As)
                    && Holds(grammar, next, SqlWord.Select, 16)
                    ? 2
                    : 0;
            default:
                return 0;
        }
    }

    /// <summary>The position behind the name of a table, or -1.</summary>
    internal static int TableEnd(in SqlGrammar grammar, int at)
    {
        at = grammar.SkipOpeners(at);
        var token = grammar[at];
        if (token.Kind is SqlKind.Variable)
        {
            return grammar.Next(at);
        }

        if (token.Kind == SqlKind.Other && token.Symbol == '[')
        {
            at = grammar.Next(at);
            token = grammar[at];
        }

        if (token.Kind == SqlKind.Quote && token.IsMark && token.Symbol != '\'')
        {
            return grammar.Operand(at, out _);
        }

        if (token.Kind != SqlKind.Word || token.Word == SqlWord.Prose || SqlWords.IsReserved(token.Word))
        {
            return -1;
        }

        at = grammar.Next(at);
        for (var parts = 0; parts < 8; parts++)
        {
            if (grammar[at].Kind == SqlKind.Dot || (grammar[at].Kind == SqlKind.Other && grammar[at].Symbol is ']' or '[' or '$'))
            {
                at = grammar.Next(at);
            }
            else if (parts > 0 && grammar[at].Kind == SqlKind.Word && grammar[at - 1].Kind == SqlKind.Dot)
            {
                at = grammar.Next(at);
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static int Update(in SqlGrammar grammar, int at)
    {
        var table = TableEnd(grammar, at);
        if (table >= 0 && grammar.WordAt(table) != SqlWord.Set)
        {
            table = grammar.Next(table);
        }

        if (table < 0 || grammar.WordAt(table) != SqlWord.Set)
        {
            return 0;
        }

        var column = grammar.Next(table);
        var end = grammar[column].Kind == SqlKind.Number || grammar.WordAt(column) == SqlWord.Prose ? grammar.Next(column) : TableEnd(grammar, column);
        return end >= 0 && grammar[end].Kind == SqlKind.Compare ? 2 : 0;
    }

    private static int Deletes(in SqlGrammar grammar, int from, int end) =>
        grammar.WordAt(end) == SqlWord.Where ? grammar.Condition(grammar.Next(end), out var condition) >= 0 && condition is not (SqlCondition.None or SqlCondition.Name) ? 2 : 1
        : !grammar.Ends(end) ? 0
        : IsShouted(grammar, from) || grammar[end].Kind != SqlKind.End ? 2 : 1;

    private static int Schema(in SqlGrammar grammar, int at, int next)
    {
        var word = grammar.WordAt(at);
        if (grammar.WordAt(next) != SqlWord.Object)
        {
            return word == SqlWord.Truncate && TableEnd(grammar, next) is var plain and >= 0 && grammar.Ends(plain) && IsShouted(grammar, at) ? 2 : 0;
        }

        next = grammar.Next(next);
        if (grammar.WordAt(next) == SqlWord.If)
        {
            next = grammar.Next(grammar.Next(next));
        }

        var end = TableEnd(grammar, next);
        if (end < 0)
        {
            return 0;
        }

        return grammar.Ends(end) || grammar[end].Kind is SqlKind.Comma or SqlKind.Quote or SqlKind.Close || IsShouted(grammar, at) || word == SqlWord.Alter && grammar[end].Word > SqlWord.None && grammar[end].Word != SqlWord.Prose
            ? 2
            : 1;
    }

    private static int Create(in SqlGrammar grammar, int next)
    {
        for (var words = 0; words < 4 && grammar.WordAt(next) != SqlWord.Object && grammar[next].Kind == SqlKind.Word; words++)
        {
            next = grammar.Next(next);
        }

        if (grammar.WordAt(next) != SqlWord.Object)
        {
            return 0;
        }

        next = grammar.Next(next);
        for (var words = 0; words < 3 && grammar.WordAt(next) is SqlWord.If or SqlWord.Not or SqlWord.Exists; words++)
        {
            next = grammar.Next(next);
        }

        var end = TableEnd(grammar, next);
        return end >= 0 && (grammar[end].Kind == SqlKind.Open || grammar.WordAt(end) is SqlWord.Identified or SqlWord.As or SqlWord.On) ? grammar.WordAt(end) == SqlWord.On && !IsShouted(grammar, end) ? 1 : 2 : 0;
    }

    private static int Privilege(in SqlGrammar grammar, int next)
    {
        var text = grammar.TextAt(next);
        return grammar.WordAt(next) is SqlWord.Select or SqlWord.Insert or SqlWord.Update or SqlWord.Delete or SqlWord.Exec or SqlWord.Create or SqlWord.All
            || text.Equals("connect", StringComparison.OrdinalIgnoreCase) || text.Equals("resource", StringComparison.OrdinalIgnoreCase)
            || text.Equals("usage", StringComparison.OrdinalIgnoreCase)
            ? 2
            : 0;
    }

    private static int Execute(in SqlGrammar grammar, int next)
    {
        var token = grammar[next];
        if (token.Kind is SqlKind.Variable || token.Word is SqlWord.System or SqlWord.Leak or SqlWord.Immediate)
        {
            return 2;
        }

        if (token.Kind == SqlKind.Open)
        {
            return grammar[grammar.Next(next)].Kind is SqlKind.Variable or SqlKind.Quote || grammar.WordAt(grammar.Next(next)) is SqlWord.Shape or SqlWord.Compute ? 2 : 0;
        }

        return token.Kind == SqlKind.Word && grammar[next + 1].Kind == SqlKind.Dot && grammar[next + 1].Gap == SqlGap.None && (grammar[next + 2].Kind == SqlKind.Dot || grammar[next + 2].Gap == SqlGap.None)
            && grammar[next + 2].Kind is SqlKind.Word or SqlKind.Dot ? 2
            : token.Kind == SqlKind.Word && token.Word != SqlWord.Prose && grammar[grammar.Next(next)].Kind is SqlKind.Quote or SqlKind.Variable ? 1 : 0;
    }

    private static int If(in SqlGrammar grammar, int next)
    {
        var first = grammar.WordAt(next) == SqlWord.Not ? grammar.Next(next) : next;
        if (grammar.WordAt(first) == SqlWord.Exists && grammar[grammar.Next(first)].Kind == SqlKind.Open)
        {
            return 2;
        }

        var end = grammar.Condition(first, out var condition);
        end = end < 0 ? end : grammar.SkipClosers(end);
        return end >= 0 && condition is SqlCondition.Constant or SqlCondition.Query && (SqlWords.IsStatement(grammar.WordAt(end)) || grammar.WordAt(end) == SqlWord.Then || grammar[end].Kind == SqlKind.Comma) ? 2 : 0;
    }

    private static bool Holds(in SqlGrammar grammar, int at, SqlWord word, int within)
    {
        for (var index = at; index < at + within; index++)
        {
            if (grammar.WordAt(index) == word)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Keywords in capitals, as nobody writes them in a sentence of small letters.</summary>
    internal static bool IsShouted(in SqlGrammar grammar, int at) => grammar[at].Kind == SqlKind.Word && !grammar.TextOf(at).ContainsAnyInRange('a', 'z');
}
