namespace AgentGate.Certificates;

/// <summary>Safety nodes (<c>AgentGate:SafetyNodes</c>).</summary>
public sealed class SafetyNodeOptions
{
    /// <summary>How many different nodes must vote yes where <c>quorum_required</c> is demanded. From 0 to 64.</summary>
    /// <value>The default is 0: no node is asked, and what demands a quorum is refused.</value>
    public int Votes { get; set; }

    /// <summary>How long the nodes have to answer, all of them together. From 100 milliseconds to 1 minute.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Accept <c>http://</c> to another machine: what is asked about, targets included, then travels in the clear.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowInsecure { get; set; }

    /// <summary>
    /// Ask nodes that tenants registered at private, loopback and other special addresses too. Otherwise a tenant could make the server
    /// send requests into the operator's own network. Nodes of the configuration are the operator's own and may stand anywhere.
    /// </summary>
    /// <value>The default is <see langword="false"/>; <see langword="true"/> on a server in development.</value>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Nodes that count for every tenant.</summary>
    /// <value>The default is empty.</value>
    public IList<ConfiguredSafetyNode> Nodes { get; } = [];

    /// <summary>Let tenants register nodes beside <see cref="Nodes"/>: whoever may do that can then bring a quorum of their own.</summary>
    /// <value>The default is <see langword="false"/>. Without <see cref="Nodes"/> tenants register theirs in any case.</value>
    public bool AllowRegistered { get; set; }
}
