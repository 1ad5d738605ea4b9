namespace AgentGate.Server.Access;

/// <summary>Declares what an endpoint refuses with.</summary>
internal static class RefusesExtensions
{
    /// <summary>Names the statuses of refusals, all of them problem documents.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params int[] statuses)
        => statuses.Aggregate(builder, static (route, status) => route.ProducesProblem(status));
}
