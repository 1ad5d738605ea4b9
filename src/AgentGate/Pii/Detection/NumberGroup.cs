using System.Runtime.CompilerServices;

namespace AgentGate.Pii.Detection;

/// <summary>A run of digits and how it hangs on the run before it.</summary>
/// <param name="Start">The first digit.</param>
/// <param name="End">One past the last digit.</param>
/// <param name="Gap">
/// What separates it from the run before: a space, <c>-</c>, <c>.</c>, <c>/</c>, or <c>(</c> and <c>)</c> where a bracket
/// opens or closes in between; NUL for the first.
/// </param>
/// <param name="Digits">How many digits there are up to its end.</param>
internal readonly record struct NumberGroup(int Start, int End, char Gap, int Digits)
{
    public int Length => End - Start;
}

/// <summary>Digit runs that follow one another closely, as many as the longest format has.</summary>
internal ref struct NumberCluster
{
    /// <summary>The most runs anybody writes in one value: a telephone number in pairs, with its codes.</summary>
    public const int Capacity = 7;

    /// <summary>No number has more digits: cards have 19, telephone numbers with code and prefix 17.</summary>
    private const int LongestValue = 19;

    private Groups _groups;

    /// <summary>How many runs were read.</summary>
    public int Count;

    public readonly NumberGroup this[int index] => _groups[index];

    /// <summary>
    /// Reads the runs from the one that starts at <paramref name="at"/>. Where that is the second run of what was read last,
    /// the others are kept: a long row of numbers is read once.
    /// </summary>
    public void Read(ReadOnlySpan<char> text, int at)
    {
        if (Count > 1 && _groups[1].Start == at)
        {
            DropFirst();
        }
        else
        {
            var end = EndOfDigits(text, at);
            _groups[0] = new NumberGroup(at, end, '\0', end - at);
            Count = 1;
        }

        while (Count < Capacity && _groups[Count - 1].Digits <= LongestValue && TryGap(text, _groups[Count - 1].End, out var gap, out var start))
        {
            var end = EndOfDigits(text, start);
            _groups[Count] = new NumberGroup(start, end, gap, _groups[Count - 1].Digits + end - start);
            Count++;
        }
    }

    private void DropFirst()
    {
        var dropped = _groups[0].Digits;
        Count--;
        for (var i = 0; i < Count; i++)
        {
            _groups[i] = _groups[i + 1] with { Digits = _groups[i + 1].Digits - dropped };
        }

        _groups[0] = _groups[0] with { Gap = '\0' };
    }

    /// <summary>The number of digits in the first <paramref name="groups"/> runs.</summary>
    public readonly int Digits(int groups) => _groups[groups - 1].Digits;

    /// <summary>Whether the runs 1 to <paramref name="groups"/> − 1 all hang on by this gap.</summary>
    public readonly bool HasGaps(int groups, char gap)
    {
        for (var i = 1; i < groups; i++)
        {
            if (_groups[i].Gap != gap)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the first runs have exactly these lengths; 0 asks for nothing.</summary>
    public readonly bool HasLengths(int first, int second, int third = 0, int fourth = 0) =>
        HasLength(0, first) && HasLength(1, second) && HasLength(2, third) && HasLength(3, fourth);

    private readonly bool HasLength(int index, int length) => length == 0 || (index < Count && _groups[index].Length == length);

    /// <summary>Whether the run after the first <paramref name="groups"/> hangs on without a space, so that a value cannot end there.</summary>
    public readonly bool GoesOnAfter(int groups) => groups < Count && _groups[groups].Gap is '-' or '.' or '/';

    private static int EndOfDigits(ReadOnlySpan<char> text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                return i;
            }

            if (i - start > LongestValue)
            {
                var length = text[i..].IndexOfAnyExceptInRange('0', '9');
                return length < 0 ? text.Length : i + length;
            }
        }

        return text.Length;
    }

    private static bool TryGap(ReadOnlySpan<char> text, int end, out char gap, out int next)
    {
        gap = end < text.Length ? text[end] : '\0';
        next = end + 1;
        switch (gap)
        {
            case ' ' or '-' or '.' or '/':
                if (IsDigit(text, next))
                {
                    return true;
                }

                if (gap is ' ' or '-' && At(text, next) == '(' && IsDigit(text, next + 1))
                {
                    gap = '(';
                    next++;
                    return true;
                }

                if (gap == ' ' && At(text, next) == '-' && IsDigit(text, next + 1))
                {
                    gap = '-';
                    next++;
                    return true;
                }

                return false;
            case '(':
                return IsDigit(text, next);
            case ')':
                if (At(text, next) is ' ' or '-' or '.' or '/')
                {
                    next++;
                }

                return IsDigit(text, next);
            default:
                return false;
        }
    }

    private static char At(ReadOnlySpan<char> text, int index) => index < text.Length ? text[index] : '\0';

    private static bool IsDigit(ReadOnlySpan<char> text, int index) => index < text.Length && char.IsAsciiDigit(text[index]);

    [InlineArray(Capacity)]
    private struct Groups
    {
        private NumberGroup _first;
    }
}
