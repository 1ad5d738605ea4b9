using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Keys;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;
using AgentGate.Server.Identity;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Authorization of every route by default: an endpoint names its scope where it is mapped, or stands in the table of
/// anonymous routes, or is refused.
/// </summary>
internal sealed class KeyAuthentication(
    RequestDelegate next,
    ApiKeyService keys,
    IVisitorKeys visitors,
    PageDoor pages,
    UnauthenticatedCounter unauthenticated,
    GateMetrics metrics,
    TimeProvider time,
    IHostEnvironment environment,
    ILogger<KeyAuthentication> logger)
{
    private static readonly TimeSpan StoreDeadline = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (IsAnonymous(endpoint))
        {
            await next(context);
            return;
        }

        if (endpoint?.Metadata.GetMetadata<PageRequirement>() is { } page)
        {
            if (await pages.AdmitAsync(context, page))
            {
                await next(context);
            }

            return;
        }

        if (endpoint?.Metadata.GetMetadata<ScopeRequirement>() is not { } requirement)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        var (text, denial) = DoorChecks.Credential(context.Request);
        var visitor = text?.StartsWith(IVisitorKeys.Prefix, StringComparison.Ordinal) is true ? visitors.Authenticate(text) : null;
        var principal = visitor?.Principal ?? (text is null ? null : await AuthenticateAsync(text, context.RequestAborted));
        denial ??= principal switch
        {
            null => new Denial(
                Codes.KeyInvalid,
                "No valid AgentGate key: send Authorization: Bearer ag_… or x-api-key: ag_…. ./run demo prints one.",
                DenialKind.Unauthenticated),
            { Scopes: var scopes } when !scopes.Contains(requirement.Scope) => new Denial(
                Codes.KeyScopeMissing, $"The key does not carry the scope \"{requirement.Scope}\".", DenialKind.Forbidden),
            { Tenant: not Tenants.Default } when endpoint.Metadata.GetMetadata<OperatorRequirement>() is not null => new Denial(
                Codes.OperatorOnly, "This tells of every tenant of the server, so only keys of its operator's tenant may ask.", DenialKind.Forbidden),
            _ => null,
        };
        if (denial is null)
        {
            context.SetPrincipal(principal!);

            // Every line that is logged on behalf of a tenant says which.
            using var scope = logger.BeginScope(new TenantScope(principal!.Tenant));
            if (visitor is { SkippedGuards.IsDefaultOrEmpty: false })
            {
                context.Features.Set(new SkippedGuardsFeature(visitor.SkippedGuards));
            }

            await next(context);
            return;
        }

        metrics.Refusal("keys", denial.Code);
        if (denial.Kind == DenialKind.Unauthenticated)
        {
            unauthenticated.Count(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        }


        await WriteAsync(context, denial);
    }

    /// <summary>Asks the key store within its deadline. A store that throws or hangs serves nobody: the request fails, closed.</summary>
    private ValueTask<Principal?> AuthenticateAsync(string text, CancellationToken cancellationToken)
    {
        var asked = keys.AuthenticateAsync(text, cancellationToken);
        return asked.IsCompletedSuccessfully ? asked : new ValueTask<Principal?>(asked.AsTask().WaitAsync(StoreDeadline, time, cancellationToken));
    }

    private bool IsAnonymous(Endpoint? endpoint)
        => endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && AnonymousRoutes.All.Any(route => route.Pattern == pattern && (!route.DevelopmentOnly || environment.IsDevelopment()));

    /// <summary>What log scopes carry: one pair, as structured log writers read it.</summary>
    private sealed class TenantScope(string tenant) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index]
            => index == 0 ? new(GateMetrics.TenantTag, tenant) : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"{GateMetrics.TenantTag}:{tenant}";
    }

    private static Task RefuseUnknownAsync(HttpContext context)
        => context.Request.Path.StartsWithSegments("/v1")
            ? GatewayRoutes.RefuseAsync(context)
            : WriteAsync(context, new Denial(Codes.UnknownRoute, "There is no such route.", DenialKind.NotFound));

    private static Task WriteAsync(HttpContext context, Denial denial)
        => context.Request.Path.StartsWithSegments("/v1")
            ? AnswerWriter.DenyAsync(context, GatewayRoutes.ShapeOf(context), denial, callId: null)
            : Problems.WriteAsync(context, denial);
}
