namespace AgentGate.Threats.Injection;

/// <summary>
/// A text in windows: each sentence, and runs of sentences that overlap, so that a long text is judged whole and one
/// sentence among a thousand weighs what it weighs alone. Not thread-safe.
/// </summary>
internal sealed class InjectionWindows(InjectionLexicon lexicon, InjectionModel model)
{
    /// <summary>The longest sentence that is one window, in words; a longer one is read in parts that overlap by half.</summary>
    public const int SentenceMax = 40;

    /// <summary>The longest run of sentences.</summary>
    public const int RunMax = 64;

    /// <summary>The shortest window beside the whole text.</summary>
    private const int SentenceMin = 3;

    /// <summary>How far apart two classes of a pair may stand.</summary>
    private const int Near = 5;

    private readonly byte _override = lexicon.Number("override");
    private readonly byte _prior = lexicon.Number("prior");
    private readonly byte _every = lexicon.Number("every");
    private readonly byte _you = lexicon.Number("you");
    private readonly byte _instruction = lexicon.Number("instruction");
    private readonly int[] _seen = new int[model.Count];
    private int[] _found = new int[256];
    private int[] _terms = new int[1024];
    private int _foundCount;
    private int _window;

    /// <summary>The text that is judged.</summary>
    public InjectionText Text { get; } = new(lexicon);

    /// <summary>Room for what a text holds in an encoding.</summary>
    public List<string> Decoded { get; } = [];

    /// <summary>The work done on windows, in words.</summary>
    public long Steps { get; private set; }

    /// <summary>Reads a text and looks its words up once, for all windows.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Text.Clear(text.Length);
        Text.Read(text);
        Steps = 0;
        var tokens = Text.Tokens;
        if (_terms.Length < tokens.Length * 3)
        {
            _terms = new int[Math.Max(tokens.Length * 3, _terms.Length * 2)];
        }

        for (var at = 0; at < tokens.Length; at++)
        {
            ref readonly var token = ref tokens[at];
            _terms[at * 3] = model.Term(0, token.Hash);
            _terms[(at * 3) + 1] = _terms[(at * 3) + 2] = -1;
            if (at + 1 < tokens.Length && (token.Marks & TokenMarks.Ends) == 0)
            {
                ref readonly var next = ref tokens[at + 1];
                _terms[(at * 3) + 1] = model.Term(token.Hash, next.Hash);
                if (token.Class != 0 || next.Class != 0)
                {
                    _terms[(at * 3) + 2] = model.Term(Unit(token), Unit(next));
                }
            }
        }
    }

    /// <summary>What stands for a word in a mixed pair: its class where it has one.</summary>
    public static uint Unit(in InjectionToken token) => token.Class != 0 ? InjectionModel.ClassHash(token.Class) : token.Hash;

    /// <summary>The next window after one, or the first after an empty one.</summary>
    /// <param name="cursor">Where the last window was; begins as the default.</param>
    public bool Next(ref Cursor cursor)
    {
        var tokens = Text.Tokens;
        if (tokens.Length == 0)
        {
            return false;
        }

        while (!cursor.InRuns)
        {
            // A sentence, or the next part of a long one.
            if (cursor.At >= tokens.Length)
            {
                cursor = cursor with { InRuns = true, At = 0, End = 0 };
                break;
            }

            var (start, end) = (cursor.At, SentenceEnd(cursor.At, cursor.At + SentenceMax));
            var isCut = end < tokens.Length && (tokens[end - 1].Marks & TokenMarks.Ends) == 0;
            cursor = cursor with { Start = start, End = end, At = isCut ? start + (SentenceMax / 2) : end };
            if (end - start >= SentenceMin || end - start == tokens.Length)
            {
                return true;
            }
        }

        if (cursor.At >= tokens.Length || cursor.End >= tokens.Length)
        {
            return false;
        }

        // A run: as many whole sentences as fit; the next run begins with the sentence nearest to its middle.
        var from = cursor.At;
        var (to, middle) = (from, -1);
        while (to < tokens.Length && to - from < RunMax)
        {
            var end = SentenceEnd(to, from + RunMax);
            if (to > from && end - from == RunMax && end < tokens.Length && (tokens[end - 1].Marks & TokenMarks.Ends) == 0)
            {
                break;
            }

            to = end;
            middle = middle < 0 && to - from >= RunMax / 2 ? to : middle;
        }

        cursor = cursor with { Start = from, End = to, At = middle > from && middle < to ? middle : Math.Min(from + (RunMax / 2), to) };
        return true;
    }

    /// <summary>The features of a window, each once. Valid until the next call.</summary>
    public ReadOnlySpan<int> Features(int start, int end)
    {
        _window++;
        _foundCount = 0;
        Steps += end - start;
        var tokens = Text.Tokens;
        var opens = true;
        var capitals = 0;
        var capitalsMax = 0;
        for (var at = start; at < end; at++)
        {
            ref readonly var token = ref tokens[at];
            Note(_terms[at * 3]);
            if (at + 1 < end)
            {
                Note(_terms[(at * 3) + 1]);
                Note(_terms[(at * 3) + 2]);
            }

            if (token.Class != 0)
            {
                Pairs(tokens, start, at);
                if (opens)
                {
                    Note(model.Opening(token.Class));
                }
            }

            for (var marks = (int)(token.Marks & ~(TokenMarks.Ends | TokenMarks.OpensLine | TokenMarks.Capitals | TokenMarks.Bracketed)); marks != 0; marks &= marks - 1)
            {
                Note(model.Mark(System.Numerics.BitOperations.TrailingZeroCount(marks)));
            }

            if (token.Class != 0 && (token.Marks & TokenMarks.Bracketed) != 0)
            {
                Note(model.Mark(12));
            }

            capitals = (token.Marks & TokenMarks.Capitals) != 0 ? capitals + 1 : 0;
            capitalsMax = Math.Max(capitalsMax, capitals);
            opens = (token.Marks & TokenMarks.Ends) != 0;
        }

        if (capitalsMax >= 3)
        {
            Note(model.Mark(2));
        }

        return _found.AsSpan(0, _foundCount);
    }

    /// <summary>Ordered pairs with the classes just before, and the sentence that says it all: override, prior, instruction.</summary>
    private void Pairs(ReadOnlySpan<InjectionToken> tokens, int start, int at)
    {
        var number = tokens[at].Class;
        var qualified = false;
        for (var before = at - 1; before >= Math.Max(start, at - Near); before--)
        {
            var other = tokens[before].Class;
            if ((tokens[before].Marks & TokenMarks.Ends) != 0)
            {
                break;
            }

            if (other == 0)
            {
                continue;
            }

            Note(model.Pair(other, number));
            qualified |= other == _prior || other == _every || other == _you;
            if (number == _instruction && other == _override && qualified)
            {
                Note(model.Mark(InjectionModel.OverrideMark));
            }
        }
    }

    private int SentenceEnd(int from, int max)
    {
        var tokens = Text.Tokens;
        max = Math.Min(max, tokens.Length);
        while (from < max)
        {
            if ((tokens[from++].Marks & TokenMarks.Ends) != 0)
            {
                break;
            }
        }

        return from;
    }

    private void Note(int feature)
    {
        if (feature < 0 || _seen[feature] == _window)
        {
            return;
        }

        _seen[feature] = _window;
        if (_foundCount == _found.Length)
        {
            Array.Resize(ref _found, _foundCount * 2);
        }

        _found[_foundCount++] = feature;
    }

    /// <summary>Where a walk over windows stands.</summary>
    /// <param name="Start">The first word of the window.</param>
    /// <param name="End">The word after its last.</param>
    /// <param name="At">Where the next one begins.</param>
    /// <param name="InRuns">Whether sentences are done and runs are being read.</param>
    public readonly record struct Cursor(int Start, int End, int At, bool InRuns);
}
