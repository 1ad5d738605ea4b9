using System.Text.RegularExpressions;

namespace AgentGate.Pii.Detection;

/// <summary>An operator's own type. The automaton reads windows of bounded size, so that time stays linear in the text.</summary>
internal sealed class CustomPattern
{
    private const int Window = 8192;
    private const int LongestValue = 1024;
    private const int Margin = 64;
    private const int WordsBefore = 64;
    private const int WordsAfter = 24;

    private readonly string _name;
    private readonly double _score;
    private readonly Regex _pattern;
    private readonly string[] _context;

    public CustomPattern(CustomPiiType type)
    {
        _name = type.Name;
        _score = type.Score;
        _pattern = Compile(type.Pattern);
        _context = [.. type.Context];
    }

    /// <summary>Compiles the pattern as it will run.</summary>
    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    /// <exception cref="NotSupportedException">Needs backtracking.</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public void Find(ref ScanPass pass)
    {
        for (var from = 0; from < pass.Text.Length; from += Window)
        {
            var left = Math.Max(0, from - Margin);
            var window = pass.Text[left..Math.Min(pass.Text.Length, from + Window + LongestValue)];
            foreach (var match in _pattern.EnumerateMatches(window))
            {
                var start = left + match.Index;
                if (start >= from && start < from + Window && match.Length > 0 && HasContext(pass.Text, start, start + match.Length))
                {
                    pass.Add(_name, start, start + match.Length, _score);
                }
            }
        }
    }

    private bool HasContext(ReadOnlySpan<char> text, int start, int end)
    {
        if (_context.Length == 0)
        {
            return true;
        }

        var before = text[Math.Max(0, start - WordsBefore)..start];
        var after = text[end..Math.Min(text.Length, end + WordsAfter)];
        foreach (var word in _context)
        {
            if (before.Contains(word, StringComparison.OrdinalIgnoreCase) || after.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
