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
