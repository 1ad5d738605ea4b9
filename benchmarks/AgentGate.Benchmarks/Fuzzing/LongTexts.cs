using System.Globalization;
using System.Text.Json;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Html;
using AgentGate.Threats.Shell;
using AgentGate.Threats.Sql;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>
/// Long texts of one repeated piece, which is how a reader is made to go over a text again and again: the processor time
/// per character must not grow with the length.
/// </summary>
internal static class LongTexts
{
    private const int Short = 1 << 12;
    private const int Long = 1 << 15;
    private const int Inputs = 1_500;

    /// <summary>What eight times the text may take: a reader that goes back for each piece takes sixty-four times as long.</summary>
    private const double GrowthMax = 20;

    public static int Run(FuzzInputs inputs, ulong seed)
    {
        var pieces = new List<string>(FuzzInputs.Pieces);
        pieces.AddRange(FuzzInputs.Pieces.SelectMany((one, number) => FuzzInputs.Pieces.Where((_, other) => (number + other) % 4 == (int)(seed % 4)), (one, other) => one + other));
        pieces.AddRange(Enumerable.Range(0, Inputs).Select(number => inputs.Make(seed, number)).Where(text => text.Length is > 0 and < Short / 8));
        var scanner = new ThreatScanner();
        IThreatAnalyzer[] analyzers =
        [
            new SqlAnalyzer(), new ShellAnalyzer(), new HtmlAnalyzer(), new PathAnalyzer(), new LdapAnalyzer(),
            new SsrfAnalyzer(), new HeaderAnalyzer(), new NoSqlAnalyzer(), new TemplateAnalyzer(), new XxeAnalyzer(),
        ];
        var alone = analyzers.Select(analyzer => (analyzer.Family, Scanner: new ThreatScanner(analyzer))).ToList();
        var hits = new ThreatHits();
        var all = new List<(double Ns, double Growth, ThreatContext Context, string Piece)>();
        var cpu = TimeSpan.Zero;
        foreach (var (_, text) in Benchmarks.Threats.ThreatTexts.All.Concat(Benchmarks.Threats.ThreatTexts.All))
        {
            // Compiled well before anything is timed.
            Time(scanner, text, ThreatContext.Argument);
            Time(scanner, text, ThreatContext.Chat);
        }

        foreach (var piece in pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, (Long / piece.Length) + 1))[..Long];
            foreach (var context in (ReadOnlySpan<ThreatContext>)[ThreatContext.Argument, ThreatContext.Chat])
            {
                var whole = Time(scanner, text, context);
                var ns = whole.TotalNanoseconds / Long;
                var growth = ns < 50 ? 0 : whole / Time(scanner, text.AsSpan(0, Short), context);
                all.Add((ns, growth, context, piece));
                cpu += whole;
            }
        }

        Console.Out.WriteLine("fuzz: the texts of the bench:");
        foreach (var (name, text) in Benchmarks.Threats.ThreatTexts.All)
        {
            var part = text[..Long];
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Time(scanner, part, ThreatContext.Argument).TotalNanoseconds / Long,8:F1} ns/char  {name}: {Families(part, ThreatContext.Argument)}"));
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fuzz: {all.Count:N0} texts of {Long:N0} characters, {all.Count * (long)Long / cpu.TotalSeconds / 1e6:F1} million characters a second of processor time; the slowest:"));
        foreach (var (ns, growth, context, piece) in all.OrderByDescending(entry => entry.Ns).Take(40))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ns,8:F1} ns/char  {growth,5:F1}x for {Long / Short}x  {context,-8} {Families(piece, context)} {JsonSerializer.Serialize(piece[..Math.Min(piece.Length, 90)])}"));
        }

        var grown = all.Where(entry => entry.Growth > GrowthMax).OrderByDescending(entry => entry.Growth).ToList();
        foreach (var (ns, growth, context, piece) in grown)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: FAILED {growth:F1}x the time for {Long / Short}x the text ({ns:F0} ns/char, {context}, {Families(piece, context)}): {JsonSerializer.Serialize(piece)}"));
        }

        Console.Out.WriteLine(grown.Count == 0 ? $"fuzz: OK, no time grows faster than its text, seed {seed}" : $"fuzz: FAILED, seed {seed}");
        return grown.Count == 0 ? 0 : 1;

        // Which families take the time, each with all readings of the text.
        string Families(string piece, ThreatContext context)
        {
            var text = string.Concat(Enumerable.Repeat(piece, (Long / piece.Length) + 1))[..Long];
            var times = alone.Select(one => (one.Family, Ns: Time(one.Scanner, text, context).TotalNanoseconds / Long)).OrderByDescending(time => time.Ns).Take(5);
            return string.Join(' ', times.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.Family} {time.Ns:F1}")));
        }

        TimeSpan Time(ThreatScanner scanner, ReadOnlySpan<char> text, ThreatContext context)
        {
            var best = TimeSpan.MaxValue;
            for (var round = 0; round < 3; round++)
            {
                hits.Clear();
                var began = ThreadCpu.Now;
                scanner.Scan(text, context, ArgumentKind.Text, hits);
                var taken = ThreadCpu.Now - began;
                best = taken < best ? taken : best;
            }

            return best;
        }
    }
}
