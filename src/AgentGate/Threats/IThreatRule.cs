using AgentGate.Pipeline;

namespace AgentGate.Threats;

/// <summary>A rule of the application about tool calls, asked after the lists and before the analysers.</summary>
/// <remarks>Register it as a service. Shared by all calls, so thread-safe; fast, because every tool call waits. A throw closes the gate.</remarks>
public interface IThreatRule
{
    /// <summary>A short stable name; it stands in records, so it never holds content.</summary>
    string Name { get; }

    /// <summary>Whether a tool call must not happen.</summary>
    /// <param name="call">The call: the tool is its resource, the arguments are its content.</param>
    bool Refuses(GateCall call);
}
