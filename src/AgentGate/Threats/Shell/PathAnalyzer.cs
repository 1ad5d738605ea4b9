using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>
/// Reads a text as file paths and judges where they lead: out of their folder, or to places of the system. What a path
/// is called matters less than what it does; names decide only where nothing climbs.
/// </summary>
internal sealed class PathAnalyzer : IThreatAnalyzer
{
    private const int ResolvedMax = 256;
    private static readonly SearchValues<char> s_signs = SearchValues.Create("/\\%\u2215\u2216\uff0f\uff3c\uff0e\u2044\u29f8\u29f5");

    // Apart from the single characters: one string of that length and the whole set is searched character by character.
    private static readonly SearchValues<string> s_marks = SearchValues.Create(["..", "0x2e", "0x2f", "0x5c", "convert."], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_fast = SearchValues.Create(
        ["..", "0x2e", "0x5c", "0x2f", "%2", "%5", "%%", "%u", "%c0", "%c1", "%e0", "%f0", "%f8", "%fc", "%00", ":\\", ":/", "./", ".\\", "\\\\", "/etc", "/proc", ".?"],
        StringComparison.OrdinalIgnoreCase);

    public ThreatFamily Family => ThreatFamily.PathTraversal;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_signs) || text.ContainsAny(s_marks) || IsDotFile(text);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var whole = Trim(text.Text, out var offset);
        if (whole.IsEmpty)
        {
            return;
        }

        // A value that is no path as a whole can only hold a path that shows one of the marks of a climb.
        if (text.Context != ThreatContext.Argument && !text.Text.ContainsAny(s_fast))
        {
            return;
        }

        var hasBlank = whole.Contains(' ');
        Span<char> resolved = stackalloc char[ResolvedMax];
        var reader = new PathReader(whole, resolved);
        while (reader.Next(out var facts))
        {
            var isWhole = facts.Start == 0 && facts.Length >= whole.Length - 2;
            var place = new PathPlace(
                isWhole,
                IsAlone: isWhole || (facts.Start > 0 && whole[facts.Start - 1] == '=' && !hasBlank),
                IsValue: facts.Start == 0 || whole[facts.Start - 1] is '=' or '"' or '\'' or '`');
            if (PathRules.Judge(in facts, reader.Resolved, whole.Slice(facts.Start, facts.Length), text.Context, text.Kind, place, out var verdict))
            {
                hits.Add(verdict.Rule, Family, ThreatSeverity.High, offset + facts.Start, facts.Length, verdict.Score);
            }
        }

        if (PathRules.JudgeWrapper(whole, text.Context, out var wrapper, out var start, out var length))
        {
            hits.Add(wrapper.Rule, Family, ThreatSeverity.High, offset + start, length, wrapper.Score);
        }
    }

    private static bool IsDotFile(ReadOnlySpan<char> text) => text.Length is > 2 and < 64 && text[0] == '.' && char.IsAsciiLetter(text[1]);

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text, out int offset)
    {
        offset = 0;
        while (offset < text.Length && (char.IsWhiteSpace(text[offset]) || text[offset] is '"' or '\''))
        {
            offset++;
        }

        var end = text.Length;
        while (end > offset && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] is '"' or '\''))
        {
            end--;
        }

        return text[offset..end];
    }
}
