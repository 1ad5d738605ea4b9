namespace AgentGate.Threats;

/// <summary>What an attack is aimed at: the interpreter that would run the text.</summary>
public enum ThreatFamily
{
    /// <summary>A database that speaks SQL.</summary>
    Sql,

    /// <summary>A command shell.</summary>
    Shell,

    /// <summary>A browser: script that text smuggles into a page.</summary>
    Xss,

    /// <summary>A file system: a path that leaves its folder or names a place of the system.</summary>
    PathTraversal,

    /// <summary>A directory: filters of RFC 4515, and XPath expressions.</summary>
    Ldap,

    /// <summary>An HTTP client: an address inside the network or of a cloud's metadata service.</summary>
    Ssrf,

    /// <summary>An HTTP header or status line that a line break smuggles in.</summary>
    Header,

    /// <summary>A document database: operators where a value belongs.</summary>
    NoSql,

    /// <summary>A template engine that runs on a server.</summary>
    Template,

    /// <summary>An XML parser: external and parameter entities.</summary>
    Xxe,
}
