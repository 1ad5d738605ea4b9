namespace AgentGate.Threats.Detection;

/// <summary>Collects what analysers find in one text. Reused; not thread-safe.</summary>
internal sealed class ThreatHits
{
    /// <summary>The most hits kept of one text; the strongest one is always among them.</summary>
    public const int Max = 64;

    private readonly List<ThreatHit> _hits = new(4);
    private ThreatHits? _raw;

    /// <summary>The hits, in the order they were found.</summary>
    public IReadOnlyList<ThreatHit> Found => _hits;

    /// <summary>The highest score.</summary>
    public int Top { get; private set; }

    /// <summary>What analysers find in one reading, before it is moved to where it stands in the source.</summary>
    public ThreatHits Raw => _raw ??= new ThreatHits();

    /// <summary>Adds a hit.</summary>
    public void Add(string rule, ThreatFamily family, ThreatSeverity severity, int start, int length, int score)
        => Add(new ThreatHit(rule, family, severity, start, length, score));

    /// <summary>Adds a hit, unless the same rule was found at the same place in another reading.</summary>
    public void AddOnce(in ThreatHit hit)
    {
        for (var i = 0; i < _hits.Count; i++)
        {
            if (ReferenceEquals(_hits[i].Rule, hit.Rule) && _hits[i].Start == hit.Start && _hits[i].Context == hit.Context)
            {
                if (hit.Score > _hits[i].Score)
                {
                    _hits[i] = hit;
                    Top = Math.Max(Top, hit.Score);
                }

                return;
            }
        }

        Add(hit);
    }

    /// <summary>Takes something off the score of what is quoted as inline code in prose and needs an interpreter.</summary>
    /// <param name="source">The text the places are of.</param>
    public void Lower(ReadOnlySpan<char> source)
    {
        Top = 0;
        for (var i = 0; i < _hits.Count; i++)
        {
            var hit = _hits[i];
            if (hit.Context == ThreatContext.Chat && ThreatThresholds.NeedsInterpreter(hit.Family) && IsInline(source, hit.Start, hit.Length))
            {
                _hits[i] = hit with { Score = Math.Max(0, hit.Score - ThreatThresholds.InlineCode) };
            }

            Top = Math.Max(Top, _hits[i].Score);
        }
    }

    /// <summary>Whether a place lies between two backticks of one line: an odd number of them before it, and one after it.</summary>
    private static bool IsInline(ReadOnlySpan<char> source, int start, int length)
    {
        var before = source[..start];
        before = before[(before.LastIndexOf('\n') + 1)..];
        var after = source[(start + length)..];
        var end = after.IndexOfAny('`', '\n');
        return before.Count('`') % 2 == 1 && end >= 0 && after[end] == '`' && !source.Slice(start, length).Contains('`');
    }

    /// <summary>Forgets everything, for the next text.</summary>
    public void Clear()
    {
        _hits.Clear();
        Top = 0;
    }

    private void Add(in ThreatHit hit)
    {
        if (_hits.Count < Max)
        {
            _hits.Add(hit);
        }
        else if (hit.Score > Top)
        {
            _hits[^1] = hit;
        }

        Top = Math.Max(Top, hit.Score);
    }
}
