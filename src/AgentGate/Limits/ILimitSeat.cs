namespace AgentGate.Limits;

/// <summary>This server's seat among those that share the store of the counts. Without one it grants nothing by itself. Thread-safe.</summary>
internal interface ILimitSeat
{
    /// <summary>
    /// Whether this server may use its share of a rule now: it holds a seat, and whoever held it before has granted nothing within
    /// the rule's window.
    /// </summary>
    /// <param name="limit">The rule.</param>
    bool MayGrant(Limit limit);
}
