namespace AgentGate.Threats.Sql;

/// <summary>Functions and names that only an attack has a use for where a value belongs.</summary>
internal ref partial struct SqlJudge
{
    /// <summary><c>sleep(5)</c>, <c>benchmark(9,md5(1))</c>, <c>dbms_lock.sleep(5)</c>: the answer is how long it takes.</summary>
    private readonly void Wait(scoped in SqlGrammar grammar, int at)
    {
        var open = grammar.Next(at);
        var isPackage = grammar[open].Kind == SqlKind.Dot;
        if (isPackage)
        {
            open = grammar.Next(grammar.Next(open));
        }

        var isMember = grammar[at - 1].Kind == SqlKind.Dot;
        if (grammar[open].Kind != SqlKind.Open || (isMember && !grammar.TextAt(at - 2).EndsWith("lock", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        var text = grammar.TextOf(at);
        var isOwn = isPackage || isMember || text.Contains('_') || text.Length > 5;   // sleep( is a function everywhere, the others are the database's
        var argument = grammar.Expression(grammar.Next(open), out var operand);
        if (argument < 0 || grammar[argument].Kind == SqlKind.Compare || (text.Length > 5 && !isPackage && text[0] is 'b' or 'B' && grammar[argument].Kind != SqlKind.Comma))
        {
            return;
        }

        var end = grammar.Matching(open);
        var cut = grammar.CutsOff(grammar.SkipClosers(end));
        var (score, chat) = Left(grammar, at) switch
        {
            SqlLeft.Break => (88, 82),
            SqlLeft.Start or SqlLeft.Opened => (isOwn || cut ? 75 : 62, cut ? 76 : isOwn ? 45 : 20),
            SqlLeft.Word => grammar.WordAt(Before(grammar, at)) is SqlWord.Or or SqlWord.And or SqlWord.Select or SqlWord.From or SqlWord.By or SqlWord.Xor or SqlWord.Begin
                ? (78, IsLead && !_statement ? 76 : 30)
                : isOwn ? (60, 25) : (30, 0),
            _ => isOwn || operand == SqlOperand.Constant ? (70, isOwn ? 40 : 25) : (40, 0),
        };
        Report("sql.time", grammar, at, end, score, chat, isOwn || operand == SqlOperand.Constant ? 85 : 0);
    }

    /// <summary>Functions that read files, call out, or answer through an error.</summary>
    private readonly void Leak(scoped in SqlGrammar grammar, int at)
    {
        var next = grammar.Next(at);
        var left = Left(grammar, at);
        var calls = grammar[next].Kind == SqlKind.Open || grammar[next].Kind == SqlKind.Dot && grammar[next + 1].Kind == SqlKind.Word;
        var text = grammar.TextOf(at);
        var runs = text.StartsWith("xp_", StringComparison.OrdinalIgnoreCase);
        if (!calls && !runs)
        {
            return;
        }

        var harms = runs || text.StartsWith("utl_", StringComparison.OrdinalIgnoreCase) || text.StartsWith("load_", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("sys_", StringComparison.OrdinalIgnoreCase) || text.StartsWith("lo_", StringComparison.OrdinalIgnoreCase);
        Report("sql.function", grammar, at, next + 1, 76, left == SqlLeft.Break ? 80 : IsLead && !_statement ? 50 : 20, harms ? 80 : 0);
    }

    /// <summary>Values that are taken apart or built out of codes: <c>ascii(substring(version(),1,1))</c>, <c>char(97,98)</c>.</summary>
    private readonly void Function(scoped in SqlGrammar grammar, int at)
    {
        var word = grammar.WordAt(at);
        var open = grammar.Next(at);
        if (grammar[open].Kind != SqlKind.Open || grammar[at - 1] is { Kind: SqlKind.Dot })
        {
            return;
        }

        var inner = grammar.SkipOpeners(open);
        var left = Left(grammar, at);
        if (word is SqlWord.Tell or SqlWord.Object)
        {
            if (grammar[open + 1].Kind == SqlKind.Close && grammar.TextOf(at).Length > 3 && left is not SqlLeft.Word && IsLead && word == SqlWord.Tell)
            {
                Report("sql.probe", grammar, at, open + 2, 55, 20);
            }

            return;
        }

        if (word == SqlWord.If)
        {
            var end = grammar.Condition(grammar.Next(open), out var condition);
            if (end >= 0 && condition is SqlCondition.Constant or SqlCondition.Query or SqlCondition.Bare && grammar[grammar.SkipClosers(end)].Kind == SqlKind.Comma)
            {
                Report("sql.probe", grammar, at, end, 66, left == SqlLeft.Break ? 78 : 30);
            }

            return;
        }

        var first = grammar.Condition(grammar.Next(open), out var choice);
        if (first >= 0 && choice == SqlCondition.Constant && grammar[grammar.SkipClosers(first)].Kind == SqlKind.Comma)
        {
            Report("sql.probe", grammar, at, first, 58, 20);   // elt(1=1,2): a condition where a value belongs
            return;
        }

        var nested = grammar.WordAt(inner);
        var isNested = nested is SqlWord.Shape or SqlWord.Tell or SqlWord.Leak or SqlWord.Select || (nested == SqlWord.Object && grammar[inner + 1].Kind == SqlKind.Open && grammar[inner + 2].Kind == SqlKind.Close)
            || (nested is SqlWord.Compute && word == SqlWord.Shape);
        var isCoded = word == SqlWord.Shape && (IsHex(grammar, inner) || grammar.TextAt(at) is var name && name.StartsWith("ch", StringComparison.OrdinalIgnoreCase) && grammar[inner].Kind == SqlKind.Number
            && grammar[inner + 1].Kind is SqlKind.Comma or SqlKind.Close && grammar[inner + 2].Kind is SqlKind.Number or SqlKind.Concat or SqlKind.Arithmetic);
        if (isCoded || (isNested && (word == SqlWord.Shape || nested is SqlWord.Tell or SqlWord.Select or SqlWord.Object or SqlWord.Leak)))
        {
            Report("sql.probe", grammar, at, inner + 1, isNested && IsLead ? 62 : 54, left == SqlLeft.Break ? 60 : 20);
        }
        else if (word == SqlWord.Shape && left == SqlLeft.Start && grammar[inner].Kind == SqlKind.Quote && grammar.Ends(grammar.Matching(open)) && grammar[grammar.Matching(open)].Kind != SqlKind.End)
        {
            Report("sql.probe", grammar, at, inner + 1, 52, 20);
        }
    }

    private static bool IsHex(scoped in SqlGrammar grammar, int at) => grammar[at].Kind == SqlKind.Number && grammar[at].Length > 2 && grammar.TextOf(at)[1] is 'x' or 'X';

    /// <summary>A table of the system behind <c>from</c>, or a name inside of the system's schema.</summary>
    private readonly void System(scoped in SqlGrammar grammar, int at)
    {
        var before = Before(grammar, at);
        var isRead = grammar[before].Kind == SqlKind.Dot || grammar.WordAt(before) is SqlWord.From or SqlWord.Join or SqlWord.Into or SqlWord.Exec;
        var isInside = grammar[grammar.Next(at)].Kind == SqlKind.Dot && grammar[grammar.Next(at) + 1].Kind == SqlKind.Word;
        if (isRead || isInside)
        {
            Report("sql.system", grammar, at, at + 1, 64, _statement ? 10 : 30);
        }
    }
}
