using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Targets;

/// <summary>The targets of calls for guards of other slices.</summary>
internal sealed class CallTargets(IToolCatalog tools) : ICallTargets
{
    public IReadOnlyList<CallTarget> Of(GateCall call)
        => call.Action == GateActions.CallTool && TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), restores: false, out var requests) is null
            ? [.. requests.Select(static request => new CallTarget(request.Action, request.Target.Uid.Id))]
            : [];
}
