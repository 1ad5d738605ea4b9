namespace AgentGate.Identity;

/// <summary>What became of a second factor.</summary>
internal enum SecondFactorResult
{
    /// <summary>The user has none: the password is all there is.</summary>
    NotEnrolled,

    /// <summary>The user has one and sent no code.</summary>
    CodeNeeded,

    /// <summary>The code is wrong, used, or too old.</summary>
    Refused,

    /// <summary>The code of an authenticator was right.</summary>
    Totp,

    /// <summary>A backup code was right; it is used up.</summary>
    BackupCode,
}
