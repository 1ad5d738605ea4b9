namespace AgentGate.Threats.Injection;

/// <summary>Ending words: unmasking, letters set apart, scripts without spaces.</summary>
internal sealed partial class InjectionText
{
    /// <summary>The longest word of the lexicon that letters set apart may spell.</summary>
    private const int SpelledMax = 16;

    private static readonly HashSet<uint> s_roles =
        [.. "system user assistant human ai instruction instructions chatgpt bot developer".Split(' ').Select(word => InjectionLexicon.Hash(word))];

    private static readonly HashSet<uint> s_templates =
        [.. ("im_start im_end inst sys endoftext begin_of_text eot_id start_header_id end_header_id start_of_turn end_of_turn "
            + "system assistant instructions instruction system_prompt systemprompt prompt admin tool_result function_results human end_user end_system")
            .Split(' ').Select(word => InjectionLexicon.Hash(word))];

    private static bool IsRole(in InjectionToken token) => s_roles.Contains(token.Hash);

    private void EndWord(int rawEnd)
    {
        if (_word.Length == 0)
        {
            _word.IsHidden = _word.IsMasked = false;
            return;
        }

        if (_word.IsUnspaced)
        {
            AddUnspaced(rawEnd);
        }
        else
        {
            AddWord(rawEnd);
        }

        _word = default;
    }

    private void AddWord(int rawEnd)
    {
        var word = _folded.AsSpan(_word.Start, _word.Length);
        var marks = TokenMarks.None;
        if (_word is { HasAt: true, HasDot: true })
        {
            JoinLetters();
            Add(_word.Start, _word.Length, MailHash, 0, TokenMarks.Mail, rawEnd);
            _lettersFrom = Count;
            return;
        }

        // A word that mixes scripts is meant to be read as Latin; one of look-alikes only, where its neighbours are Latin.
        if (_word.Foreign > 0 && (_word.Lower + _word.Upper > 0 || (_isLatin && AllLookAlike(word))))
        {
            for (var at = 0; at < word.Length; at++)
            {
                word[at] = FoldTable.LookAlike(word[at]);
            }

            _word.IsMasked = true;
        }

        _isLatin = _word.Foreign == 0 || _word.IsMasked;
        var hash = _word.Digits == word.Length ? NumberHash : InjectionLexicon.Hash(word);
        var number = lexicon.ClassOf(hash);
        if (number == 0 && _word.Digits > 0 && _word.Length <= SpelledMax && _word.Length > _word.Digits)
        {
            (hash, number) = Unmask(word, hash);
        }

        marks |= number != 0 && _word.IsMasked ? TokenMarks.Masked : 0;
        marks |= _word.IsHidden ? TokenMarks.Hidden : 0;
        marks |= number != 0 && lexicon.IsTurned(hash) ? TokenMarks.Turned : 0;
        marks |= _word is { Upper: >= 3, Lower: 0 } ? TokenMarks.Capitals : 0;
        marks |= hash == HttpHash || hash == HttpsHash ? TokenMarks.Web : 0;
        if (_signs > 0 && _lastSign is '[' or '<' or '|' or '/' && s_templates.Contains(hash))
        {
            marks |= TokenMarks.Template;
        }

        if (word.Length == 1 && (Count == _lettersFrom || _word.RawStart - _ends[Count - 1] is >= 1 and <= 3))
        {
            Add(_word.Start, 1, hash, number, marks, rawEnd);
            return;
        }

        JoinLetters();
        Add(_word.Start, _word.Length, hash, number, marks, rawEnd);
        _lettersFrom = word.Length == 1 ? Count - 1 : Count;
    }

    /// <summary>Digits and signs for letters: the word it spells if the lexicon knows it, otherwise the word as it stands.</summary>
    private (uint Hash, byte Class) Unmask(Span<char> word, uint hash)
    {
        Span<char> letters = stackalloc char[SpelledMax];
        letters = letters[..word.Length];
        foreach (var one in (ReadOnlySpan<char>)['i', 'l'])
        {
            for (var at = 0; at < word.Length; at++)
            {
                letters[at] = word[at] switch
                {
                    '0' => 'o',
                    '1' => one,
                    '3' => 'e',
                    '4' or '@' => 'a',
                    '5' or '$' => 's',
                    '7' => 't',
                    '8' => 'b',
                    '9' => 'g',
                    _ => word[at],
                };
            }

            Steps += word.Length;
            if (lexicon.ClassOf(InjectionLexicon.Hash(letters)) is not 0 and var number)
            {
                letters.CopyTo(word);
                _word.IsMasked = true;
                return (InjectionLexicon.Hash(letters), number);
            }
        }

        return (hash, 0);
    }

    private static bool AllLookAlike(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (!char.IsAscii(letter) && FoldTable.LookAlike(letter) == letter)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Letters that stand apart, <c>i g n o r e</c>, as the words they spell. A wider gap parts two words.</summary>
    private void JoinLetters()
    {
        var from = _lettersFrom;
        _lettersFrom = Count;
        if (Count - from < 4)
        {
            return;
        }

        var (first, last) = (from, Count);
        var narrow = int.MaxValue;
        for (var at = first + 1; at < last; at++)
        {
            narrow = Math.Min(narrow, _ends[at] - _ends[at - 1]);
        }

        // The letters are copied behind what was folded; the words replace the letters in the list.
        var copied = _foldedCount;
        var marks = (_tokens[first].Marks & TokenMarks.OpensLine) | TokenMarks.Masked;
        var write = first;
        var start = copied;
        for (var at = first; at < last; at++)
        {
            _folded[_foldedCount++] = _folded[_tokens[at].Start];
            if (at + 1 == last || _ends[at + 1] - _ends[at] > narrow)
            {
                write = Segment(start, _foldedCount - start, write, marks, _ends[at]);
                start = _foldedCount;
            }
        }

        Count = _lettersFrom = write;
    }

    /// <summary>The words of the lexicon in a run of letters, the longest first; a whole run that is one word of it or short stays one.</summary>
    private int Segment(int start, int length, int write, TokenMarks marks, int rawEnd)
    {
        var run = _folded.AsSpan(start, length);
        if (length <= SpelledMax && (length < 4 || lexicon.ClassOf(InjectionLexicon.Hash(run)) != 0))
        {
            return Put(write, start, length, marks, rawEnd);
        }

        for (var at = 0; at < length;)
        {
            var taken = Math.Min(SpelledMax, length - at);
            while (taken > 2 && lexicon.ClassOf(InjectionLexicon.Hash(run.Slice(at, taken))) == 0)
            {
                taken--;
                Steps++;
            }

            if (taken > 2)
            {
                write = Put(write, start + at, taken, marks, rawEnd);
            }

            at += taken > 2 ? taken : 1;
        }

        return write;
    }

    private int Put(int write, int start, int length, TokenMarks marks, int rawEnd)
    {
        var hash = InjectionLexicon.Hash(_folded.AsSpan(start, length));
        _ends[write] = rawEnd;
        _tokens[write] = new InjectionToken(start, length, hash, lexicon.ClassOf(hash), marks);
        return write + 1;
    }

    private void AddUnspaced(int rawEnd)
    {
        JoinLetters();
        var (start, length) = (_word.Start, _word.Length);
        var run = _folded.AsSpan(start, length);
        for (var at = 0; at < length;)
        {
            var taken = Math.Min(InjectionLexicon.UnspacedMax, length - at);
            byte number;
            while ((number = lexicon.ClassOf(InjectionLexicon.Hash(run.Slice(at, taken)))) == 0 && taken > 1)
            {
                taken--;
                Steps++;
            }

            Add(start + at, taken, InjectionLexicon.Hash(run.Slice(at, taken)), number, TokenMarks.None, rawEnd);
            at += taken;
        }

        _lettersFrom = Count;
        _isLatin = false;
    }

    /// <summary>What every address of electronic mail reads as.</summary>
    internal static readonly uint MailHash = InjectionLexicon.Hash("@mail");

    /// <summary>What every number reads as.</summary>
    internal static readonly uint NumberHash = InjectionLexicon.Hash("0");

    private static readonly uint HttpHash = InjectionLexicon.Hash("http");
    private static readonly uint HttpsHash = InjectionLexicon.Hash("https");
}
