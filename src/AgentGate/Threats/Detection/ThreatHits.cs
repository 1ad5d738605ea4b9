namespace AgentGate.Threats.Detection;

/// <summary>Collects what analysers find in one text. Reused; not thread-safe.</summary>
internal sealed class ThreatHits
{
    /// <summary>The most hits kept of one text; the strongest one is always among them.</summary>
    public const int Max = 64;

    private readonly List<ThreatHit> _hits = new(4);

    /// <summary>The hits, in the order they were found.</summary>
    public IReadOnlyList<ThreatHit> Found => _hits;

    /// <summary>The highest score.</summary>
    public int Top { get; private set; }

    /// <summary>Adds a hit.</summary>
    public void Add(string rule, ThreatFamily family, ThreatSeverity severity, int start, int length, int score)
    {
        var hit = new ThreatHit(rule, family, severity, start, length, score);
        if (_hits.Count < Max)
        {
            _hits.Add(hit);
        }
        else if (score > Top)
        {
            _hits[^1] = hit;
        }

        Top = Math.Max(Top, score);
    }

    /// <summary>Forgets everything, for the next text.</summary>
    public void Clear()
    {
        _hits.Clear();
        Top = 0;
    }
}
