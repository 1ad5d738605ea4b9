namespace AgentGate.Server.Providers.Demo;

/// <summary>One request exactly as the demo provider received it.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="At">When it arrived (UTC).</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Headers">Names and values; the values of credentials are replaced by <c>***</c>.</param>
/// <param name="Body">The bytes.</param>
/// <param name="CallId">The call that it belongs to.</param>
/// <param name="IsUnmasked">Whether personal data was not guarded in that call.</param>
internal sealed record DemoReceived(
    long Number,
    DateTimeOffset At,
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body,
    string? CallId = null,
    bool IsUnmasked = false);
