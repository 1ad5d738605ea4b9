using System.Runtime.CompilerServices;

namespace AgentGate.Threats.Injection;

/// <summary>
/// A text as words: folded, unmasked, with sentences and signs kept as marks. Reads a text in one pass; its arrays are
/// kept between texts. Not thread-safe: one text at a time.
/// </summary>
internal sealed partial class InjectionText(InjectionLexicon lexicon)
{
    private char[] _folded = new char[1024];
    private InjectionToken[] _tokens = new InjectionToken[256];
    private int[] _ends = new int[256];
    private int _foldedCount;
    private Word _word;
    private int _signs;
    private char _lastSign;
    private bool _opensLine;
    private bool _concealed;
    private bool _isLatin;
    private int _lettersFrom;

    /// <summary>The words.</summary>
    public ReadOnlySpan<InjectionToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>Characters that nobody sees and that carry text: tags, variation selectors.</summary>
    public int HiddenCount { get; private set; }

    /// <summary>Controls that change the order in which a text is read.</summary>
    public int BidiCount { get; private set; }

    /// <summary>The work done, in characters and table look-ups: what tests hold against the length.</summary>
    public long Steps { get; private set; }

    /// <summary>The folded characters of a word.</summary>
    public ReadOnlySpan<char> WordOf(in InjectionToken token) => _folded.AsSpan(token.Start, token.Length);

    /// <summary>Forgets the former text and makes room for another.</summary>
    public void Clear(int capacity)
    {
        Count = _foldedCount = _signs = HiddenCount = BidiCount = _lettersFrom = 0;
        Steps = 0;
        _word = default;
        _lastSign = default;
        _opensLine = true;
        _concealed = _isLatin = false;

        // Letters set apart are written twice, so twice the length is enough.
        if (_folded.Length < (2 * capacity) + 64)
        {
            _folded = new char[(2 * capacity) + 64];
        }
    }

    /// <summary>Reads a text. Words of a former read stay: two reads are one text with a gap between.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Steps += text.Length;
        for (var at = 0; at < text.Length; at++)
        {
            var raw = text[at];
            var next = at + 1 < text.Length ? text[at + 1] : ' ';
            if (char.IsAsciiLetterLower(raw))
            {
                Append(raw, at);
                _word.Lower++;
                continue;
            }

            char folded;
            if (char.IsHighSurrogate(raw) && char.IsLowSurrogate(next))
            {
                folded = FoldTable.FoldBeyond(char.ConvertToUtf32(raw, next), out var isHidden);
                at++;
                if (isHidden)
                {
                    HiddenCount++;
                    _word.IsHidden = true;
                }

                _word.IsMasked |= folded is not (FoldTable.Between or FoldTable.Dropped);
            }
            else
            {
                folded = FoldTable.Fold(raw);
            }

            if (folded == FoldTable.Dropped)
            {
                NoteInvisible(raw);
            }
            else if (char.IsAsciiLetter(folded))
            {
                Append(folded, at);
                _word.Upper += char.IsAsciiLetterUpper(raw) ? 1 : 0;
                _word.Lower += char.IsAsciiLetterUpper(raw) ? 0 : 1;
                _word.IsMasked |= raw is >= '\u2000' and < '\uD800' or >= '\uF000';
            }
            else if (char.IsAsciiDigit(folded) || (folded == '_' && _word.Length > 1))
            {
                Append(folded, at);
                _word.Digits++;
            }
            else if (FoldTable.IsUnspaced(folded))
            {
                AppendUnspaced(folded, at);
            }
            else if (folded > '\u007F')
            {
                Append(folded, at);
                _word.Foreign++;
            }
            else
            {
                Separate(raw, folded, next, at);
            }
        }

        EndWord(text.Length);
        JoinLetters();
        MarkEnd();
        _opensLine = true;
    }

    private void NoteInvisible(char raw)
    {
        _word.IsMasked |= _word.Length > 0;
        BidiCount += raw is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' ? 1 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(char folded, int at, bool isUnspaced = false)
    {
        if (_word.Length == 0)
        {
            _word.Start = _foldedCount;
            _word.RawStart = at;
        }
        else if (_word.IsUnspaced != isUnspaced)
        {
            EndWord(at);
            _word.Start = _foldedCount;
            _word.RawStart = at;
        }

        _folded[_foldedCount++] = folded;
        _word.Length++;
    }

    private void AppendUnspaced(char folded, int at)
    {
        Append(folded, at, isUnspaced: true);
        _word.IsUnspaced = true;
        _word.Foreign++;
    }

    /// <summary>A character that is no part of a word, or one that is so only inside of one.</summary>
    private void Separate(char raw, char folded, char next, int at)
    {
        var inWord = _word is { Length: > 0, IsUnspaced: false };
        if (inWord && char.IsAsciiLetterOrDigit(next) && (folded == '\'' || raw == '\u2019'))
        {
            return;
        }

        if (inWord && char.IsAsciiLetterOrDigit(next) && (folded is '@' or '$' || (_word.HasAt && folded is '.' or '-' && _word.HasAt)))
        {
            Append(folded, at);
            _word.HasAt |= folded == '@';
            _word.HasDot |= folded == '.' && _word.HasAt;
            _word.Digits++;
            return;
        }

        EndWord(at);
        if (folded is ':' && Count > 0)
        {
            ref var last = ref _tokens[Count - 1];
            if ((last.Marks & TokenMarks.OpensLine) != 0 && IsRole(last))
            {
                last = last with { Marks = last.Marks | TokenMarks.RoleHead };
            }
        }

        if (raw == '\n')
        {
            MarkEnd();
            _opensLine = true;
        }
        else if ((folded is '.' or '!' or '?' or ';' && !char.IsAsciiLetterOrDigit(next)) || raw is '\u3002' or '\uFF01' or '\uFF1F')
        {
            MarkEnd();
        }

        if (folded != ' ' && folded is not ('.' or ',' or '"' or '\'' or '(' or ')' or '?' or '!') && folded > ' ')
        {
            _concealed |= folded == '-' && _lastSign == '!' && _signs > 0;
            _signs++;
            _lastSign = folded;
        }
        else if (folded == '!')
        {
            _lastSign = _lastSign == '<' ? '!' : _lastSign;
        }
    }

    private void MarkEnd()
    {
        if (Count > 0)
        {
            ref var last = ref _tokens[Count - 1];
            last = last with { Marks = last.Marks | TokenMarks.Ends };
        }
    }

    private void Add(int start, int length, uint hash, byte number, TokenMarks marks, int rawEnd)
    {
        if (Count == _tokens.Length)
        {
            Array.Resize(ref _tokens, Count * 2);
            Array.Resize(ref _ends, Count * 2);
        }

        marks |= _opensLine ? TokenMarks.OpensLine : 0;
        marks |= _concealed ? TokenMarks.Concealed : 0;
        marks |= _signs >= 3 ? TokenMarks.Fenced : 0;
        if (_lastSign is '[' or '<' or '{' or '|' or '/' && _signs > 0)
        {
            marks |= TokenMarks.Bracketed;
        }

        _ends[Count] = rawEnd;
        _tokens[Count++] = new InjectionToken(start, length, hash, number, marks);
        _opensLine = _concealed = false;
        _signs = 0;
        _lastSign = default;
    }

    /// <summary>The word being read.</summary>
    private struct Word
    {
        public int Start;
        public int RawStart;
        public int Length;
        public int Lower;
        public int Upper;
        public int Digits;
        public int Foreign;
        public bool HasAt;
        public bool HasDot;
        public bool IsMasked;
        public bool IsHidden;
        public bool IsUnspaced;
    }
}
