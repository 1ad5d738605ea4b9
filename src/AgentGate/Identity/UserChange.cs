namespace AgentGate.Identity;

/// <summary>What became of a change to a user.</summary>
internal enum UserChange
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>Somebody else changed the user meanwhile, or it is gone: read it again.</summary>
    Conflict,

    /// <summary>The tenant would have no active admin left.</summary>
    LastAdmin,

    /// <summary>Another user has the e-mail address.</summary>
    EmailTaken,
}
