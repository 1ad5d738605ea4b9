namespace AgentGate.Witness;

/// <summary>What a witness answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body, without parameters.</param>
/// <param name="Body">The body.</param>
internal sealed record WitnessReply(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>The most bytes that are read: a witness answers with a few signature lines.</summary>
    public const int LengthMax = 64 * 1024;
}
