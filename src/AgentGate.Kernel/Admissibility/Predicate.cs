namespace AgentGate.Kernel.Admissibility;

/// <summary>The predicates of the theorem, in order. A closed set; the names are the published ones.</summary>
public enum Predicate
{
    /// <summary>The principal is who the server's records say.</summary>
    AuthValid,

    /// <summary>It acts for itself, or under a valid chain of grants.</summary>
    LineageValid,

    /// <summary>Everything that is asked is permitted.</summary>
    PermitExists,

    /// <summary>Nothing that is asked is forbidden.</summary>
    NotDenyExists,

    /// <summary>Every obligation is fulfilled.</summary>
    ObligationsMet,

    /// <summary>The decision belongs to this call, its content and its moment.</summary>
    ContextBound,
}
