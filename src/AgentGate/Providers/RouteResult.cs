using AgentGate.Kernel.Decisions;

namespace AgentGate.Providers;

/// <summary>The router's answer. A closed set: a route or a denial.</summary>
internal abstract record RouteResult
{
    private RouteResult()
    {
    }

    public sealed record Found(ModelRoute Route) : RouteResult;

    public sealed record Denied(Denial Denial) : RouteResult;
}
