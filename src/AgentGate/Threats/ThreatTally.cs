using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats;

/// <summary>What was found in one call, on the way to a verdict. Not thread-safe.</summary>
internal sealed class ThreatTally(ThreatJudge judge, ThreatAddress addresses, ThreatMetrics metrics, CallContent content)
{
    /// <summary>The most findings of one verdict; a hostile document must not fill the log.</summary>
    private const int MaxFindings = 16;

    private ImmutableArray<Finding>.Builder? _findings;
    private ThreatHit _worst;
    private string? _worstAddress;

    /// <summary>Whether something blocks.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Takes the hits of a segment.</summary>
    public void Take(ThreatHits hits, int segment, bool isResult = false)
    {
        string? address = null;
        foreach (var hit in hits.Found)
        {
            var action = judge.Of(hit, isResult);
            if (action != ThreatAction.Off)
            {
                Add(hit, action, address ??= addresses.Of(content, segment));
            }
        }
    }

    /// <summary>Adds a hit with what happens because of it.</summary>
    public void Add(in ThreatHit hit, ThreatAction action, string? address)
    {
        metrics.Found(hit, action);
        _findings ??= ImmutableArray.CreateBuilder<Finding>();
        var blocks = action == ThreatAction.Block;
        var isWorst = blocks && (!IsBlocked || (hit.Severity, hit.Score).CompareTo((_worst.Severity, _worst.Score)) > 0);
        if (_findings.Count < MaxFindings)
        {
            _findings.Add(new Finding(hit.Rule, address, 1, ThreatWords.Note(hit, action)));
        }
        else if (isWorst)
        {
            _findings[^1] = new Finding(hit.Rule, address, 1, ThreatWords.Note(hit, action));
        }

        if (isWorst)
        {
            (_worst, _worstAddress, IsBlocked) = (hit, address, true);
        }
    }

    public Verdict ToVerdict()
    {
        if (_findings is null)
        {
            return Verdict.Allowed;
        }

        var findings = _findings.DrainToImmutable();
        return IsBlocked
            ? new Verdict.Deny(ThreatWords.Code(_worst), ThreatWords.Reason(_worst, _worstAddress), DenialKind.Invalid) { Findings = findings }
            : Verdict.Allowed with { Findings = findings };
    }
}
