namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>SQL injection.</summary>
    public const string ThreatSql = "AG2001";

    /// <summary>Injection of a shell command.</summary>
    public const string ThreatShell = "AG2002";

    /// <summary>Script for a browser (XSS).</summary>
    public const string ThreatXss = "AG2003";

    /// <summary>Path traversal, or a path of the system.</summary>
    public const string ThreatPathTraversal = "AG2004";

    /// <summary>Injection into a filter of a directory, or into XPath.</summary>
    public const string ThreatLdap = "AG2005";

    /// <summary>An address inside the network, or of a cloud's metadata service (SSRF).</summary>
    public const string ThreatSsrf = "AG2006";

    /// <summary>Injection of an HTTP header.</summary>
    public const string ThreatHeader = "AG2007";

    /// <summary>Injection into a document database.</summary>
    public const string ThreatNoSql = "AG2008";

    /// <summary>Injection into a template engine.</summary>
    public const string ThreatTemplate = "AG2009";

    /// <summary>A text that a role may not hold reads as a prompt injection, above the block threshold.</summary>
    public const string InjectionBlocked = "AG2010";

    /// <summary>External entities for an XML parser (XXE).</summary>
    public const string ThreatXxe = "AG2011";

    /// <summary>The tool is not on the list of allowed tools, or on the list of blocked ones.</summary>
    public const string ThreatTool = "AG2012";

    /// <summary>An argument names a blocked path.</summary>
    public const string ThreatBlockedPath = "AG2013";

    /// <summary>An argument contains a blocked pattern.</summary>
    public const string ThreatBlockedPattern = "AG2014";

    /// <summary>A rule of the application refuses the call.</summary>
    public const string ThreatRuleRefused = "AG2015";
}
