using AgentGate.Threats;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Puts one input through everything that reads hostile text, and says what is wrong with the answer. Not thread-safe.</summary>
internal sealed class FuzzCheck
{
    private static readonly ArgumentKind[] s_kinds = Enum.GetValues<ArgumentKind>();
    private readonly ThreatScanner _scanner = new();
    private readonly ThreatHits _hits = new();
    private readonly InjectionScorer _scorer = new();

    /// <summary>What was found in all inputs, to see that the inputs are worth something.</summary>
    public long Hits { get; private set; }

    /// <summary>A number that changes with any hit of any input, in whatever order the inputs came: to compare two builds.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Checks an input; says what is wrong, or nothing.</summary>
    public string? Check(string text, long number)
    {
        var context = (ThreatContext)(number % 3);
        var kind = context == ThreatContext.Argument ? s_kinds[number / 3 % s_kinds.Length] : ArgumentKind.Text;
        var isBase64 = number % 64 == 2;
        _hits.Clear();
        _scanner.Scan(text, context, kind, _hits, isBase64);
        Hits += _hits.Found.Count;
        foreach (var hit in _hits.Found)
        {
            if (hit.Start < 0 || hit.Length < 0 || hit.Start + hit.Length > text.Length)
            {
                return $"{hit.Rule} lies outside of the text: {hit.Start}+{hit.Length} of {text.Length}";
            }

            Digest += Hash(hit, number);
            if (hit.Score is < 0 or > 100)
            {
                return $"{hit.Rule} has the score {hit.Score}";
            }
        }

        var score = _scorer.Score(text);
        if (score.Value is not (>= 0 and <= 1))
        {
            return $"the injection score is {score.Value}";
        }

        if (number % 16 == 0)
        {
            if (_scorer.Score(text) != score)
            {
                return "a second scoring finds something else";
            }

            ThreatHit[] first = [.. _hits.Found];
            _hits.Clear();
            _scanner.Scan(text, context, kind, _hits, isBase64);
            if (!first.AsSpan().SequenceEqual([.. _hits.Found]))
            {
                return "a second scan finds something else";
            }
        }

        return null;
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo) over what a hit says; <see cref="HashCode"/> is another in every process.</summary>
    private static ulong Hash(in ThreatHit hit, long number)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in hit.Rule)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        foreach (var part in (ReadOnlySpan<long>)[number, hit.Start, hit.Length, hit.Score, (long)hit.Severity, (long)hit.Context, (long)hit.Layers])
        {
            hash = (hash ^ (ulong)part) * 0x100000001B3;
        }

        return hash;
    }
}
