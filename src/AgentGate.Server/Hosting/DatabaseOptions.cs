namespace AgentGate.Server.Hosting;

/// <summary>The section <c>AgentGate:Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>
    /// Whether a server of a cluster migrates the database at its start, one server at a time. Otherwise <c>agentgate db migrate</c>
    /// does, and a server refuses a database that is not as new as itself. Default: <see langword="true"/>.
    /// </summary>
    public bool MigrateOnStart { get; set; } = true;
}
