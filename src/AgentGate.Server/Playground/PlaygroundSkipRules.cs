using AgentGate.Pipeline;
using AgentGate.Providers;

namespace AgentGate.Server.Playground;

/// <summary>
/// When guards may be skipped: in the development environment, for a visitor of the playground with its own key, to the
/// built-in demo provider. Every condition holds or the call is denied.
/// </summary>
internal sealed class PlaygroundSkipRules(IHostEnvironment environment, VisitorKeys keys, ProviderDirectory providers) : ISkipRules
{
    public string? Refusal(GateCall call)
        => !environment.IsDevelopment() ? "this is not the development environment"
            : !call.Principal.Id.StartsWith(VisitorKeys.PrincipalPrefix, StringComparison.Ordinal) || !keys.IsVisitor(call.Principal)
                ? "the caller is no visitor of the playground"
            : call.Targets.IsDefaultOrEmpty || !call.Targets.All(target => providers.Find(target.Provider)?.Kind == ProviderKind.Demo)
                ? "the call would go elsewhere than to the built-in demo provider"
            : null;
}
