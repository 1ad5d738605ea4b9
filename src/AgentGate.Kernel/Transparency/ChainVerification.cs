namespace AgentGate.Kernel.Transparency;

/// <summary>What verifying a log gave. Immutable.</summary>
/// <param name="Checked">How many entries were found in order before the end or the break.</param>
/// <param name="First">The time in the first of them.</param>
/// <param name="Last">The time in the last of them.</param>
/// <param name="FirstBrokenSeq">Where the log is broken, or <see langword="null"/> where it is whole.</param>
/// <param name="Reason">How it is broken.</param>
public sealed record ChainVerification(
    long Checked,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    long? FirstBrokenSeq,
    ChainBreak? Reason)
{
    /// <summary>Whether the log is whole.</summary>
    public bool Valid => Reason is null;
}
