namespace AgentGate.Identity;

/// <summary>How sure a sign-in session's user is: the published A1 to A3.</summary>
internal enum Assurance
{
    /// <summary>One factor: a password, or a provider that says no more.</summary>
    A1 = 1,

    /// <summary>Two factors.</summary>
    A2 = 2,

    /// <summary>A passkey with the user verified: nothing to phish.</summary>
    A3 = 3,
}
