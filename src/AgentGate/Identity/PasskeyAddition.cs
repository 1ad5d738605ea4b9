namespace AgentGate.Identity;

/// <summary>What became of a new passkey.</summary>
internal enum PasskeyAddition
{
    /// <summary>It is kept.</summary>
    Added,

    /// <summary>Somebody has this credential already.</summary>
    Taken,

    /// <summary>The user has as many as one may.</summary>
    TooMany,
}
