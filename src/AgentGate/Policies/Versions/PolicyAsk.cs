using AgentGate.Pipeline;

namespace AgentGate.Policies.Versions;

/// <summary>Asks as the guard asks: the same requests, the same entities.</summary>
internal sealed class PolicyAsk(PolicyEntities entities) : IPolicyAsk
{
    public bool Permits(ActivePolicies policies, GateCall call)
    {
        var asked = new CallPolicies(call, entities);
        return asked.Add() is null && asked.Ask(policies.Authorizer).Refused is null;
    }
}
