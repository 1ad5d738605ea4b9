using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>
/// Reads a text as a command line and judges where its commands stand. A command alone is what people talk about and
/// what tools are asked for; a command behind an operator that something else did not expect is an attack.
/// </summary>
internal sealed class ShellAnalyzer : IThreatAnalyzer
{
    private const int WordMax = 512;
    private const int ShortText = 96;
    private static readonly SearchValues<char> s_operators = SearchValues.Create(";|&`$<>\n\r(){}/\\%-");

    public ThreatFamily Family => ThreatFamily.Shell;

    public bool MayMatch(ReadOnlySpan<char> text) => text.Length <= ShortText || text.ContainsAny(s_operators);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        ShellPrograms.Analyze(in text, hits);
        var reading = text.Text;
        Span<char> word = stackalloc char[WordMax];
        var lexer = new ShellLexer(reading, word);
        var state = new ShellState(in text, hits);
        var segment = ShellState.Open(ShellOperator.Start, 0);
        while (lexer.Next(out var token))
        {
            if (token.IsWord)
            {
                state.Take(ref segment, lexer.Word, in token);
                continue;
            }

            if (token.Operator == ShellOperator.Redirect)
            {
                state.Redirect(ref segment);
                continue;
            }

            segment = state.Close(ref segment, in token);
        }

        state.Close(ref segment, new(ShellOperator.End, reading.Length, 0, ShellWordTraits.None));
    }
}
