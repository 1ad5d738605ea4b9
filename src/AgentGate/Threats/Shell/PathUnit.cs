namespace AgentGate.Threats.Shell;

/// <summary>What one unit of a path means to some reader of paths, whatever encoding it is in.</summary>
internal enum PathUnit
{
    /// <summary>An ordinary character.</summary>
    Other,

    /// <summary>A dot.</summary>
    Dot,

    /// <summary>A separator, of either system.</summary>
    Slash,

    /// <summary>An end-of-string mark: what comes behind it is not read.</summary>
    Nul,

    /// <summary>An escape that decodes to nothing; lenient readers have taken such for separators.</summary>
    Broken,
}
