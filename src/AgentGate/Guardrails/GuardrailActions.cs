using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>Which tools a call runs: the one it is about, and those the provider runs for it, since no call of their own follows.</summary>
internal static class GuardrailActions
{
    public static IEnumerable<string> Of(GateCall call)
    {
        if (call.Resource.Type is EntityRef.ToolType or EntityRef.ProviderToolType)
        {
            yield return call.Resource.Id;
        }

        foreach (var (action, resource) in call.AlsoRequires.IsDefault ? [] : call.AlsoRequires)
        {
            if (action == GateActions.UseProviderTool)
            {
                yield return resource.Id;
            }
        }
    }
}
