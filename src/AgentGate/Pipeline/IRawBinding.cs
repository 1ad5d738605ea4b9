using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Binds the raw content of a call under a key that can be destroyed, so that the log holds no digest of it.</summary>
public interface IRawBinding
{
    /// <summary>Lower-case hex HMAC-SHA-256 of the raw content under a key of the call's PII session, or <see langword="null"/> when nothing was masked.</summary>
    /// <param name="scope">The call's facts.</param>
    /// <param name="raw">The content before any guard.</param>
    string? Bind(CallScope scope, CallContent raw);
}
