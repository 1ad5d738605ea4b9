using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>The rules for script that text smuggles into a page.</summary>
internal enum XssRule : byte
{
    Script,
    Handler,
    Url,
    Element,
    Style,
    Breakout,
    Call,
    Include,
    Encoded,
    Count,
}

/// <summary>Keeps the strongest find of each rule, because the same markup is read more than once.</summary>
internal struct XssFindings
{
    private static readonly string[] s_names =
    [
        "xss.script", "xss.handler", "xss.url", "xss.element", "xss.style", "xss.breakout", "xss.call", "xss.include", "xss.encoded",
    ];

    private Table _finds;

    public void Report(XssRule rule, int start, int length, int score)
    {
        ref var find = ref _finds[(int)rule];
        if (score > find.Score)
        {
            find = new Find(start, length, score);
        }
    }

    /// <summary>The highest score.</summary>
    public readonly int Top
    {
        get
        {
            var top = 0;
            for (var rule = 0; rule < (int)XssRule.Count; rule++)
            {
                top = Math.Max(top, _finds[rule].Score);
            }

            return top;
        }
    }

    public readonly void Flush(ThreatHits hits)
    {
        for (var rule = 0; rule < (int)XssRule.Count; rule++)
        {
            var find = _finds[rule];
            if (find.Score > 0)
            {
                hits.Add(s_names[rule], ThreatFamily.Xss, ThreatSeverity.High, find.Start, find.Length, Math.Min(100, find.Score));
            }
        }
    }

    private readonly record struct Find(int Start, int Length, int Score);

    [System.Runtime.CompilerServices.InlineArray((int)XssRule.Count)]
    private struct Table
    {
        private Find _first;
    }
}
