using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>
/// Where the gate tells, while a call runs, what becomes of it. Telling decides nothing: who listens cannot change, slow down
/// or fail a call, and the log stays the record.
/// </summary>
internal interface IGateEvents
{
    /// <summary>Whether anybody listens to a principal. Asked once per call; where nobody does, nothing else is.</summary>
    bool HasListener(Principal principal);

    /// <summary>Tells one event. Never waits: what a listener does not take in time is lost to it, and counted.</summary>
    void Publish(GateEvent happened);
}
