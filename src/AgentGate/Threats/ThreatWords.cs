using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Threats.Detection;
using AgentGate.Threats.Normalization;
using AgentGate.Threats.Rules;

namespace AgentGate.Threats;

/// <summary>How a hit is told: code, name, note. All from a fixed vocabulary; never the text.</summary>
internal static class ThreatWords
{
    /// <summary>The code of a hit.</summary>
    public static string Code(in ThreatHit hit) => hit.Rule switch
    {
        RuleAnalyzer.PathRule => Codes.ThreatBlockedPath,
        RuleAnalyzer.PatternRule => Codes.ThreatBlockedPattern,
        _ => hit.Family switch
        {
            ThreatFamily.Sql => Codes.ThreatSql,
            ThreatFamily.Shell => Codes.ThreatShell,
            ThreatFamily.Xss => Codes.ThreatXss,
            ThreatFamily.PathTraversal => Codes.ThreatPathTraversal,
            ThreatFamily.Ldap => Codes.ThreatLdap,
            ThreatFamily.Ssrf => Codes.ThreatSsrf,
            ThreatFamily.Header => Codes.ThreatHeader,
            ThreatFamily.NoSql => Codes.ThreatNoSql,
            ThreatFamily.Template => Codes.ThreatTemplate,
            _ => Codes.ThreatXxe,
        },
    };

    /// <summary>What was found, for people.</summary>
    public static string Name(in ThreatHit hit) => hit.Rule switch
    {
        RuleAnalyzer.PathRule => "A blocked path",
        RuleAnalyzer.PatternRule => "A blocked pattern",
        _ => hit.Family switch
        {
            ThreatFamily.Sql => "SQL injection",
            ThreatFamily.Shell => "Shell command injection",
            ThreatFamily.Xss => "Script injection (XSS)",
            ThreatFamily.PathTraversal => "Path traversal",
            ThreatFamily.Ldap => "LDAP or XPath injection",
            ThreatFamily.Ssrf => "An address inside the network (SSRF)",
            ThreatFamily.Header => "Header injection",
            ThreatFamily.NoSql => "NoSQL injection",
            ThreatFamily.Template => "Template injection",
            _ => "XML entity injection (XXE)",
        },
    };

    /// <summary>Severity, action, place and reading, for example <c>critical block @12+23 percent folded</c>.</summary>
    public static string Note(in ThreatHit hit, ThreatAction action)
        => $"{Word(hit.Severity)} {(action == ThreatAction.Block ? "block" : "flag")} @{hit.Start}+{hit.Length}{Layers(hit.Layers)}";

    /// <summary>The sentence of a denial.</summary>
    public static string Reason(in ThreatHit hit, string? address)
        => $"{Name(hit)} detected ({hit.Rule}, {Word(hit.Severity)}) "
            + (address is { Length: > 0 } ? $"at {address}, " : "at ")
            + $"characters {hit.Start} to {hit.Start + hit.Length}"
            + (hit.Layers == TextLayers.None ? "" : $", seen after:{Layers(hit.Layers)}")
            + ". Nothing was sent. Write it as data and not as something to run; "
            + (hit.Context == ThreatContext.Argument
                ? "an operator can declare what the argument is (AgentGate:Tools:Arguments) or change the action (AgentGate:Threats)."
                : "code in a fenced block is judged as code, and an operator can change the action (AgentGate:Threats).");

    public static string Word(ThreatSeverity severity) => severity switch
    {
        ThreatSeverity.Low => "low",
        ThreatSeverity.Medium => "medium",
        ThreatSeverity.High => "high",
        _ => "critical",
    };

    private static string Layers(TextLayers layers)
    {
        if (layers == TextLayers.None)
        {
            return "";
        }

        var words = new StringBuilder();
        Add(TextLayers.Joined, " joined");
        Add(TextLayers.Nested, " nested");
        Add(TextLayers.Base64, " base64");
        Add(TextLayers.Percent, " percent");
        Add(TextLayers.Entities, " entities");
        Add(TextLayers.Escapes, " escapes");
        Add(TextLayers.Folded, " folded");
        return words.ToString();

        void Add(TextLayers layer, string word) => words.Append((layers & layer) != 0 ? word : "");
    }
}
