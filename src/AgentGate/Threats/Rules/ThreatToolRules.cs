using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Rules;

/// <summary>The lists of configuration and the rules of the application, in this order: allowed tools, blocked tools, own rules, paths and patterns.</summary>
internal sealed class ThreatToolRules
{
    private readonly string[] _allowed;
    private readonly string[] _blocked;
    private readonly IThreatRule[] _own;
    private readonly ThreatScanner? _scanner;

    public ThreatToolRules(ThreatOptions options, IThreatRule[] own)
    {
        _allowed = [.. options.AllowTools];
        _blocked = [.. options.BlockTools];
        _own = own;
        string[] paths = [.. options.BlockPaths, .. options.UseShippedPaths ? ThreatOptions.ShippedPaths : []];
        var patterns = new BlockedPatterns(options.BlockPatterns);
        _scanner = paths.Length == 0 && patterns.IsEmpty ? null : new ThreatScanner(new RuleAnalyzer(new BlockedPaths(paths), patterns));
    }

    /// <summary>Why a tool call must not happen, or nothing. An allowed name is compared exactly, a blocked one without regard to case.</summary>
    public Verdict? Refusal(GateCall call)
    {
        var tool = call.Resource.Id;
        if (_allowed.Length > 0 && !_allowed.Any(pattern => Wildcard.IsMatch(pattern, tool, ignoreCase: false)))
        {
            return new Verdict.Deny(Codes.ThreatTool, "AgentGate:Threats:AllowTools lists the only tools that may be called, and this is none of them.", DenialKind.Forbidden);
        }

        if (_blocked.Any(pattern => Wildcard.IsMatch(pattern, tool, ignoreCase: true)))
        {
            return new Verdict.Deny(Codes.ThreatTool, "AgentGate:Threats:BlockTools names this tool; it may not be called.", DenialKind.Forbidden);
        }

        foreach (var rule in _own)
        {
            if (rule.Refuses(call))
            {
                return new Verdict.Deny(Codes.ThreatRuleRefused, $"The rule {rule.Name} refuses this call.", DenialKind.Invalid)
                {
                    Findings = [new Finding(rule.Name, null, 1, "refused")],
                };
            }
        }

        return null;
    }

    /// <summary>Compares an argument with the blocked paths and patterns.</summary>
    public void Scan(ReadOnlySpan<char> text, ArgumentKind kind, bool isBase64, ThreatHits hits)
        => _scanner?.Scan(text, ThreatContext.Argument, kind, hits, isBase64);
}
