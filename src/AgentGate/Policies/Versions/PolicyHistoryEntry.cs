namespace AgentGate.Policies.Versions;

/// <summary>One line of the history of a tenant's policy sets. Lines are added and never changed.</summary>
/// <param name="Seq">Counted per tenant from 1.</param>
/// <param name="At">When.</param>
/// <param name="Event">What happened.</param>
/// <param name="Number">To which version; <see cref="PolicyVersion.Configured"/> for the configured policies.</param>
/// <param name="TextHash">The text it concerned, by its hash; <see langword="null"/> for the configured policies.</param>
/// <param name="By">The pseudonymous id of who did it.</param>
/// <param name="CallId">The gated call it was part of, under which the log has its decision; <see langword="null"/> for what needs none.</param>
internal sealed record PolicyHistoryEntry(
    long Seq, DateTimeOffset At, PolicyEvent Event, int Number, string? TextHash, string By, string? CallId);

/// <summary>What can happen to a version. Stored by name.</summary>
internal enum PolicyEvent
{
    /// <summary>A draft was made.</summary>
    Created,

    /// <summary>The text of a draft changed.</summary>
    Updated,

    /// <summary>A draft was deleted; its number is not used again.</summary>
    Deleted,

    /// <summary>It came into force.</summary>
    Activated,

    /// <summary>It came into force again, in place of a later one.</summary>
    RolledBack,

    /// <summary>Another one came into force in its place.</summary>
    Retired,

    /// <summary>It is asked beside the active version from now on.</summary>
    ShadowStarted,

    /// <summary>It is not asked beside the active version any more.</summary>
    ShadowEnded,
}
