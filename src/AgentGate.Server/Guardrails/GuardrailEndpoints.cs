using AgentGate.Diagnostics;
using AgentGate.Guardrails;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Guardrails;

/// <summary>The guardrails of one's own tenant: seeing them with what they remember, and making them forget.</summary>
internal static class GuardrailEndpoints
{
    private const int ScopeMax = 600;

    public static IServiceCollection AddGuardrailUpkeep(this IServiceCollection services) => services.AddHostedService<GuardrailUpkeep>();

    public static IEndpointRouteBuilder MapGuardrails(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/guardrails").WithTags("Guardrails");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.GuardrailsRead)
            .Produces<GuardrailList>().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("List the guardrails that concern the own tenant, with what they remember of it.")
            .WithExample(null, """
                {"guardrails":[{"policy_id":"mail","version":"1","mode":"enforce","on_store_loss":"deny","form":"list",
                "rules":[{"name":"rule-1","scope":"user","tool":"send_email","max_calls":5,"window_seconds":3600}],
                "tracks":[{"rule":"rule-1","scope":"user:user_0197b2f06c1a7d0e9b1f3c5a7e9d1b3f","calls":3,"last_at":"2026-11-23T10:00:00+00:00","expires_at":"2026-11-23T11:00:00+00:00"}]}]}
                """);
        group.MapPost("/{policy_id}/reset", ResetAsync).RequireScope(Scopes.GuardrailsWrite).RequireStepUpOfUsers()
            .Reads<GuardrailResetRequest>().Produces<GuardrailResetResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Make a guardrail forget what it remembers of the own tenant, or of one scope of it.")
            .WithDescription("Calls that were counted count no more, and a state machine begins anew. It is on record before it is done.")
            .WithExample("""{"rule":"rule-1","scope":"user:user_0197b2f06c1a7d0e9b1f3c5a7e9d1b3f"}""", """{"policy_id":"mail","forgotten":1}""");
        return routes;
    }

    private static async Task<IResult> ListAsync(HttpContext context, GuardrailAdministration guardrails, TimeProvider time, CancellationToken cancellationToken)
    {
        var tenant = context.GetPrincipal().Tenant;
        List<GuardrailEntry> entries = [];
        try
        {
            foreach (var (set, units) in guardrails.Of(tenant))
            {
                var tracks = await guardrails.TracksAsync(units[0], tenant, cancellationToken);
                entries.Add(Entry(set, units, tracks, time.GetUtcNow()));
            }
        }
        catch (GuardrailStoreLostException)
        {
            return Lost();
        }

        return TypedResults.Ok(new GuardrailList(entries));
    }

    private static async Task<IResult> ResetAsync(
        HttpContext context, GuardrailAdministration guardrails, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "policy_id")] string id, CancellationToken cancellationToken)
    {
        var (body, fault) = await JsonBody.ReadAsync<GuardrailResetRequest>(context, Codes.GuardrailRequestInvalid);
        if (body is null)
        {
            return fault!;
        }

        if (body.Scope is { Length: 0 or > ScopeMax })
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.GuardrailRequestInvalid, "`scope` is one of those the list names.", "scope");
        }

        try
        {
            return await guardrails.ResetAsync(context.GetPrincipal(), id, body.Rule, body.Scope, cancellationToken) is { } forgotten
                ? TypedResults.Ok(new GuardrailResetResult(id, forgotten))
                : ApiProblem.Of(StatusCodes.Status404NotFound, Codes.GuardrailNotFound, "There is no such guardrail or rule, or it does not concern this tenant.");
        }
        catch (GuardrailStoreLostException)
        {
            return Lost();
        }
    }

    private static IResult Lost()
        => ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, Codes.GuardrailStoreLost, "The store of the guardrails cannot be asked. Try again shortly.");

    private static GuardrailEntry Entry(
        GuardrailSet set, IReadOnlyList<GuardrailUnit> units, IReadOnlyList<(TrackKey Key, GuardrailTrack Track)> tracks, DateTimeOffset now) => new()
    {
        PolicyId = set.Id,
        Version = set.Version,
        Description = set.Description,
        Mode = Word(set.Mode),
        OnStoreLoss = Word(set.OnStoreLoss),
        Form = set.Machine is null ? "list" : "states",
        Rules = [.. units.Select(unit => Entry(unit, set))],
        Tracks = [.. tracks.Select(track => Entry(units, track.Key, track.Track, now))],
    };

    private static GuardrailRuleEntry Entry(GuardrailUnit unit, GuardrailSet set)
    {
        var rule = (unit as ListUnit)?.Rule;
        return new GuardrailRuleEntry
        {
            Name = unit.Name,
            Scope = Word(unit.Scope),
            Tool = rule is { Tool.Length: > 0 } ? rule.Tool : null,
            Model = rule is { Model.Length: > 0 } ? rule.Model : null,
            MaxCalls = rule?.MaxCalls,
            WindowSeconds = rule?.Window?.TotalSeconds,
            CooldownSeconds = rule?.Cooldown?.TotalSeconds,
            ExcludeHours = rule is { ExcludeHours.Count: > 0 } ? [.. rule.ExcludeHours] : null,
            TimeZone = rule is { ExcludeHours.Count: > 0 } ? rule.TimeZone : null,
            States = set.Machine is { } machine ? [.. machine.States.Keys] : null,
        };
    }

    private static GuardrailTrackEntry Entry(IReadOnlyList<GuardrailUnit> units, TrackKey key, GuardrailTrack track, DateTimeOffset now) => new()
    {
        Rule = key.Rule,
        Scope = key.Scope,
        State = (units.FirstOrDefault(unit => unit.Name == key.Rule) as MachineUnit)?.StateOf(track, now),
        Calls = track.Events.Count,
        LastAt = DateTimeOffset.FromUnixTimeMilliseconds(track.LastAt),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(track.ExpiresAt),
    };

    private static string Word<TWord>(TWord word)
        where TWord : struct, Enum
        => word.ToString().ToLowerInvariant();
}
