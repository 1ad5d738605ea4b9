using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Sql;

/// <summary>What stands before a place: where would the injected code have come from?</summary>
internal enum SqlLeft
{
    /// <summary>The text begins here.</summary>
    Start,

    /// <summary>A mark closes a string that the text did not open.</summary>
    Break,

    /// <summary>A parenthesis closes that the text did not open.</summary>
    Paren,

    /// <summary>A mark opens a string that begins here.</summary>
    Opened,

    /// <summary>A number with nothing, or only a word, before it.</summary>
    Number,

    /// <summary>Another value: a closed string, a variable, a parenthesis.</summary>
    Value,

    /// <summary>A number or value that an operator binds to something before it.</summary>
    Bound,

    /// <summary>A word.</summary>
    Word,

    /// <summary>An operator, a comma, an open parenthesis.</summary>
    Operator,

    /// <summary>A semicolon.</summary>
    Semicolon,
}

/// <summary>
/// Looks at each token that may begin a structure and scores what it finds. Each rule has one score as an argument, which
/// some interpreter will get, and one in chat, where only what breaks out of a string or stands alone is an attack.
/// </summary>
internal ref partial struct SqlJudge(in ThreatText text, ThreatHits hits)
{
    private readonly ReadOnlySpan<char> _text = text.Text;
    private readonly ThreatContext _context = text.Context;
    private readonly ArgumentKind _kind = text.Kind;
    private readonly bool _isDecoded = text.IsDecoded;
    private readonly ThreatHits _hits = hits;
    private int _words;        // words before this place
    private int _depth;        // parentheses that are open
    private char _open;        // the mark of the string that is open
    private bool _statement;   // a whole statement was seen: the text is SQL, not a fragment of it

    /// <summary>Whether the fragment leads the text, as it does in a value and seldom in a sentence.</summary>
    private readonly bool IsLead => _words <= 1;

    /// <summary>Judges the tokens from one place to another; the ones around are what they are seen with.</summary>
    public void Judge(scoped Span<SqlToken> tokens, int from, int to, bool isFirst, bool isLast)
    {
        var grammar = new SqlGrammar(_text, tokens);
        for (var at = from; at < to; at++)
        {
            ref var token = ref tokens[at];
            if ((token.Gap & SqlGap.Line) != 0)
            {
                _open = '\0';
            }

            switch (token.Kind)
            {
                case SqlKind.Quote:
                    token.Quote = Mark(in token, tokens, at);
                    Breakout(grammar, at);
                    break;
                case SqlKind.Open:
                    _depth++;
                    break;
                case SqlKind.Close:
                    token.Quote = _depth == 0 ? SqlQuote.Break : SqlQuote.None;
                    _depth = Math.Max(0, _depth - 1);
                    break;
                case SqlKind.Semicolon:
                    Stacked(grammar, at);
                    break;
                case SqlKind.Concat or SqlKind.Both:
                    Boolean(grammar, at);
                    break;
                case SqlKind.Variable:
                    Variable(grammar, at);
                    break;
                case SqlKind.Word:
                    if (token.Word != SqlWord.None)
                    {
                        Word(grammar, at, token.Word);
                    }

                    _words++;
                    break;
            }
        }

        if (isFirst && isLast && to <= SqlGrammar.Reach)
        {
            Whole(grammar);
        }
    }

    private void Word(scoped SqlGrammar grammar, int at, SqlWord word)
    {
        switch (word)
        {
            case SqlWord.Or or SqlWord.And or SqlWord.Xor:
                Boolean(grammar, at);
                break;
            case SqlWord.Union:
                Union(grammar, at);
                break;
            case SqlWord.Where or SqlWord.Having:
                Filter(grammar, at);
                break;
            case SqlWord.Like:
                Pattern(grammar, at);
                break;
            case SqlWord.Order or SqlWord.Group:
                Sorting(grammar, at);
                break;
            case SqlWord.Into or SqlWord.Procedure or SqlWord.Limit:
                Clause(grammar, at);
                break;
            case SqlWord.Case:
                Choice(grammar, at);
                break;
            case SqlWord.Wait:
                Wait(grammar, at);
                break;
            case SqlWord.Leak:
                Leak(grammar, at);
                break;
            case SqlWord.Shape or SqlWord.Compute or SqlWord.Tell or SqlWord.Object:
                Function(grammar, at);
                break;
            case SqlWord.System:
                System(grammar, at);
                break;
            default:
                if (word == SqlWord.If)
                {
                    Function(grammar, at);
                }

                if (SqlWords.IsStatement(word) || word == SqlWord.Desc)
                {
                    Statement(grammar, at);
                }

                break;
        }
    }

    /// <summary>Tells what a mark does from what is open and from what stands on both sides of it.</summary>
    private SqlQuote Mark(in SqlToken token, scoped ReadOnlySpan<SqlToken> tokens, int at)
    {
        if (!token.IsMark)
        {
            return SqlQuote.None;
        }

        if (_open == token.Symbol)
        {
            _open = '\0';
            return SqlQuote.Closing;
        }

        var after = at + 1 < tokens.Length ? tokens[at + 1] : default;
        if (at == 0 && token.Symbol == '\'' && after.Word is SqlWord.Or or SqlWord.And or SqlWord.Xor or SqlWord.Like or SqlWord.Div or SqlWord.Sounds or SqlWord.Union or SqlWord.Not)
        {
            return SqlQuote.Break;
        }

        if (at > 0 && _open == '\0' && (tokens[at - 1].Kind is SqlKind.Compare or SqlKind.Open or SqlKind.Comma or SqlKind.Concat || tokens[at - 1].Word is SqlWord.Like or SqlWord.As or SqlWord.In or SqlWord.By
            || SqlWords.IsStatement(tokens[at - 1].Word)) && after.Kind != SqlKind.End)
        {
            _open = token.Symbol;
            return SqlQuote.Opening;
        }

        var isJoinedLeft = token.Gap == SqlGap.None && at > 0 && tokens[at - 1].Kind is SqlKind.Word or SqlKind.Number or SqlKind.Close or SqlKind.Quote or SqlKind.Variable;
        if (isJoinedLeft && tokens[at - 1].Kind == SqlKind.Word && tokens[at - 1].Length == 1 && (tokens[at - 1].Symbol | 0x20) is 'n' or 'x' or 'b' or 'e' or 'q' && after.Gap == SqlGap.None && after.Kind is SqlKind.Word or SqlKind.Number)
        {
            isJoinedLeft = false;   // N'text', x'6162'
        }

        var isJoinedRight = after.Gap == SqlGap.None && after.Kind is SqlKind.Word or SqlKind.Number or SqlKind.Variable or SqlKind.Open or SqlKind.Quote or SqlKind.Other or SqlKind.Dot
            || (at > 0 && token.Gap != SqlGap.None && after.Gap == SqlGap.None && after.Kind == SqlKind.Arithmetic && after.Symbol is '*' or '/' or '~' or '%');
        if (isJoinedLeft && isJoinedRight && after.Kind == SqlKind.Word && after.Length <= 2 && after.Word == SqlWord.None)
        {
            return SqlQuote.None;   // an apostrophe: it's, we'll, don't
        }

        if (!isJoinedLeft && isJoinedRight && _open == '\0')
        {
            _open = token.Symbol;
            return SqlQuote.Opening;
        }

        return SqlQuote.Break;
    }

    /// <summary>What stands before a place.</summary>
    private static SqlLeft Left(scoped in SqlGrammar grammar, int at)
    {
        var before = Before(grammar, at);
        var closers = 0;
        while (before >= 0 && closers < 16 && grammar[before].Kind == SqlKind.Close)
        {
            if (grammar[before].Quote == SqlQuote.Break)
            {
                return SqlLeft.Paren;
            }

            before = Before(grammar, before);
            closers++;
        }

        if (before < 0)
        {
            return closers > 0 ? SqlLeft.Paren : SqlLeft.Start;
        }

        var token = grammar[before];
        switch (token.Kind)
        {
            case SqlKind.Quote:
                return token.Quote switch
                {
                    SqlQuote.Break => SqlLeft.Break,
                    SqlQuote.Opening => SqlLeft.Opened,
                    _ => SqlLeft.Value,
                };
            case SqlKind.Number:
                var lead = Before(grammar, before);
                return closers > 0 ? SqlLeft.Value : lead >= 0 && grammar[lead].Kind is SqlKind.Compare ? SqlLeft.Bound : SqlLeft.Number;
            case SqlKind.Variable:
                return SqlLeft.Value;
            case SqlKind.Word:
                return token.Word is SqlWord.Null or SqlWord.True or SqlWord.False or SqlWord.Unknown or SqlWord.End || closers > 0 ? SqlLeft.Value : SqlLeft.Word;
            case SqlKind.Semicolon:
                return SqlLeft.Semicolon;
            case SqlKind.Arithmetic when token.Symbol == '%' && Before(grammar, before) is var quoted && quoted < 0:
                return SqlLeft.Start;
            case SqlKind.Other when before == 0:
                return SqlLeft.Number;
            default:
                return closers > 0 ? SqlLeft.Value : SqlLeft.Operator;
        }
    }

    /// <summary>The token before a place that is code.</summary>
    private static int Before(scoped in SqlGrammar grammar, int at)
    {
        var before = at - 1;
        if ((grammar[at].Gap & SqlGap.Line) != 0)
        {
            for (var index = before; index >= 0 && index > before - 16; index--)
            {
                if (grammar[index].Kind == SqlKind.LineComment)
                {
                    before = index - 1;
                    break;
                }

                if ((grammar[index].Gap & SqlGap.Line) != 0)
                {
                    break;
                }
            }
        }

        while (before >= 0 && grammar[before].Kind is SqlKind.BlockOpen or SqlKind.BlockClose)
        {
            before--;
        }

        return before;
    }

    /// <summary>Whether words are held apart by comments alone, as nobody writes for a reader.</summary>
    private static bool IsObfuscated(scoped in SqlGrammar grammar, int at) => grammar[at].Gap == SqlGap.Comment;

    /// <summary>Scores what was found. A score of zero is none.</summary>
    private readonly void Report(string rule, scoped in SqlGrammar grammar, int from, int to, int argument, int chat, int sql = 0)
    {
        var score = _context switch
        {
            ThreatContext.Chat => chat,
            ThreatContext.Code => Math.Min(chat - 10, 90),
            _ when _kind == ArgumentKind.Sql => sql,
            _ when _kind is ArgumentKind.Command or ArgumentKind.Html => chat,
            _ => argument,
        };
        if (score < 25)
        {
            return;
        }

        // People do not encode what they mean to be read.
        score = _isDecoded && score >= 40 ? Math.Min(100, score + 10) : score;
        var start = grammar[from].Start;
        var end = Math.Max(to > from && to <= grammar.Count ? grammar[to - 1].End : grammar[from].End, grammar[from].End);
        _hits.Add(rule, ThreatFamily.Sql, ThreatSeverity.Critical, start, end - start, score);
    }
}
