namespace AgentGate.Kernel.Certificates;

/// <summary>What kind of proof a certificate holds. A closed set; the words are the published ones.</summary>
public enum ProofType
{
    /// <summary>None: the theorem was not evaluated.</summary>
    None,

    /// <summary>Every predicate with its witness.</summary>
    ConstructiveTrace,

    /// <summary>The smallest set of predicates without which the theorem would hold.</summary>
    UnsatCore,

    /// <summary>The forbid, or the honey token, that decided.</summary>
    Counterexample,
}
