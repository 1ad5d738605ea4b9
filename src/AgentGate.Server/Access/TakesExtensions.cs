namespace AgentGate.Server.Access;

/// <summary>Declares what body an endpoint takes, and what it refuses with.</summary>
internal static class TakesExtensions
{
    private const string Json = "application/json";
    private const string Anything = "*/*";

    /// <summary>
    /// A JSON body, read by <see cref="StrictBody"/>. Routing is told that any kind will do, so that the endpoint itself refuses another with
    /// its code: routing would answer for an endpoint nobody declared.
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder builder)
        where T : class
        => builder.Accepts<T>(Json, Anything).AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(Anything);
            return Task.CompletedTask;
        });

    /// <summary>Names the statuses of refusals, all of them problem documents.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, params int[] statuses)
        => statuses.Aggregate(builder, static (route, status) => route.ProducesProblem(status));
}
