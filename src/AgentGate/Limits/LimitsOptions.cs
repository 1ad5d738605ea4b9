namespace AgentGate.Limits;

/// <summary>How many calls may be made in which time (<c>AgentGate:Limits</c>).</summary>
public sealed class LimitsOptions
{
    /// <summary>The rules, at most 64. A call must fit all that concern it, and counts in all of them or in none.</summary>
    /// <value>The default is empty in process: no limit. A server without rules has the shipped ones.</value>
    public IList<LimitRule> Rules { get; } = [];

    /// <summary>Whether the shipped rules are in force where <see cref="Rules"/> is empty: 600 model calls a minute per key.</summary>
    /// <value>The default is <see langword="false"/>; a server turns it on, in the development environment with 20 a minute.</value>
    public bool UseShippedDefault { get; set; }

    /// <summary>
    /// The most counts of one rule held in memory, 16 to 10,000,000. No count that still matters is ever dropped for
    /// another: beyond the bound, newcomers share a count.
    /// </summary>
    /// <value>The default is 65,536.</value>
    public int KeysMax { get; set; } = 65_536;

    /// <summary>How long a shared store may take before it counts as lost; 1 millisecond to 1 second.</summary>
    /// <value>The default is 250 milliseconds.</value>
    public TimeSpan StoreDeadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How many servers share the store of the counts, for <see cref="StoreLoss.LocalShare"/>; 1 to 10,000, the same on all of them.
    /// As many seats are leased; a server beyond them has no share, so that a number too small costs calls and never passes a limit.
    /// </summary>
    /// <value>The default is 1.</value>
    public int Servers { get; set; } = 1;
}
