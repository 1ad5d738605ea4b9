namespace AgentGate.Keys;

/// <summary>A key just made.</summary>
/// <param name="Key">What is kept.</param>
/// <param name="Text">The text, given this once and kept nowhere.</param>
internal sealed record CreatedApiKey(ApiKey Key, string Text)
{
    /// <summary>Without the text, so that a log line cannot hold it.</summary>
    public override string ToString() => $"CreatedApiKey {Key.Id}";
}
