using AgentGate.Pipeline;

namespace AgentGate.Policies.Versions;

/// <summary>Asks a policy set about a call without running it: what would it decide?</summary>
internal interface IPolicyAsk
{
    /// <summary>Whether the set permits everything the call asks for. Thread-safe.</summary>
    bool Permits(ActivePolicies policies, GateCall call);
}
