namespace AgentGate.Threats.Sql;

/// <summary>Statements: stacked on another, behind a closed string, or the whole of the text.</summary>
internal ref partial struct SqlJudge
{
    /// <summary><c>'; drop table users; --</c></summary>
    private readonly void Stacked(scoped in SqlGrammar grammar, int at)
    {
        var next = grammar.Next(at);
        if (grammar[next].Kind != SqlKind.Word || SqlStatements.Shape(grammar, next) is not > 0)
        {
            return;
        }

        var clear = SqlStatements.Shape(grammar, next) == 2;
        var (argument, chat) = Left(grammar, at) switch
        {
            SqlLeft.Break => (94, clear ? 90 : 60),
            SqlLeft.Paren => (85, clear ? 76 : 30),
            SqlLeft.Start or SqlLeft.Opened => clear ? (80, 60) : (40, 20),
            SqlLeft.Number => clear ? (85, _words == 0 && !_statement ? 80 : 30) : (52, 20),
            _ => clear ? (70, _words <= 2 && !_statement ? 76 : 30) : (20, 0),
        };
        if (clear && !_statement && chat > 0 && IsCutOff(grammar, next))
        {
            chat = Math.Max(chat, 78);
        }

        Report("sql.stacked", grammar, at, next + 2, argument, chat, clear && SqlStatements.Destroys(grammar.WordAt(next)) ? 85 : 0);
    }

    /// <summary>Whether what follows the statement is cut off, as an attacker must and an author seldom does.</summary>
    private static bool IsCutOff(scoped in SqlGrammar grammar, int at)
    {
        for (var index = at; index < at + 24; index++)
        {
            if (grammar[index].Kind is SqlKind.LineComment || (grammar[index].Kind == SqlKind.Semicolon && grammar[index + 1].Kind == SqlKind.LineComment))
            {
                return grammar[index].Symbol != '#' && grammar[index].Length < 3;
            }
        }

        return false;
    }

    /// <summary>A statement where a value was expected.</summary>
    private void Statement(scoped SqlGrammar grammar, int at)
    {
        var shape = SqlStatements.Shape(grammar, at);
        if (shape == 0)
        {
            return;
        }

        var word = grammar.WordAt(at);
        var hidden = grammar[grammar.Next(at)].Gap == SqlGap.Comment && word == SqlWord.Select;
        var left = Left(grammar, at);
        var clear = shape == 2;
        var acts = word is SqlWord.Waitfor or SqlWord.Exec or SqlWord.Declare;
        var (argument, chat) = left switch
        {
            SqlLeft.Break => clear ? (88, 82) : (72, 50),
            SqlLeft.Paren => clear ? (80, acts ? 78 : 50) : (0, 0),
            SqlLeft.Start or SqlLeft.Opened => clear ? (64, 20) : (30, 0),
            SqlLeft.Operator when word == SqlWord.Select => clear ? (70, 35) : (0, 0),
            SqlLeft.Semicolon => (0, 0),
            SqlLeft.Operator => clear && word == SqlWord.Waitfor ? (80, 60) : (0, 0),
            SqlLeft.Number or SqlLeft.Value => clear ? (70, acts && IsLead ? 76 : 30) : (0, 0),
            _ => clear && (acts || _words <= 2) ? (62, 20) : clear ? (52, 20) : (0, 0),
        };
        if (hidden && clear)
        {
            (argument, chat) = (90, Math.Max(chat, 82));
        }

        var dangerous = word is SqlWord.Waitfor or SqlWord.Shutdown ? 85 : 0;
        Report(word == SqlWord.Waitfor ? "sql.time" : "sql.statement", grammar, at, at + 2, argument, _statement && left != SqlLeft.Break && !hidden ? 20 : chat, dangerous);
        if (clear && (left is SqlLeft.Start or SqlLeft.Opened or SqlLeft.Semicolon || BeginsLine(grammar, at)))
        {
            _statement = true;
        }
    }

    private static bool BeginsLine(scoped in SqlGrammar grammar, int at)
    {
        while (at > 0 && (grammar[at].Gap & SqlGap.Line) == 0 && grammar[at - 1].Kind == SqlKind.Open)
        {
            at--;
        }

        return at <= 0 || (grammar[at].Gap & SqlGap.Line) != 0;
    }
}
