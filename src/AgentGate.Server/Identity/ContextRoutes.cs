using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>What the caller is and may do, and what the model of risk says to what it would do.</summary>
internal static class ContextRoutes
{
    private const int TextMax = 500;

    public static void MapContext(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Sign-in");
        group.MapGet("/context", Context).RequireCaller().Produces<ContextView>().Refuses(401, 403)
            .WithSummary("Read what one may do.").WithDescription("Roles and scopes as they are now, whatever a token says; and how risky and how sure that is.");
        group.MapPost("/context/evaluate", EvaluateAsync).RequireCaller().Reads<EvaluateRequest>().Produces<EvaluateView>().Refuses(400, 401, 403, 413, 415)
            .WithSummary("Ask what the model of risk says to an action.")
            .WithDescription("Advice: R0 to R4 is the greatest of the principal's risk, the action's sensitivity and the threat of the moment. What an endpoint really demands, it demands itself. That it was asked is on record, what was asked is not.");
        group.MapGet("/mcp-access", Mcp).RequireCaller().Produces<McpAccessView>().Refuses(401, 403)
            .WithSummary("Read whether one may use the tools of the MCP server.").WithDescription("By role, and outside development by a scope, any one of those named.");
        group.MapPost("/check-mfa", (Delegate)CheckMfaAsync).Reads<CheckMfaRequest>().Produces<CheckMfaView>().Refuses(400, 413, 415)
            .WithSummary("Answers the same for every address.")
            .WithDescription("1.0 told everybody which accounts exist and have a second factor. Nobody is told that any more: POST /api/auth/login says mfa_required to who has the password.");
    }

    private static Ok<ContextView> Context(HttpContext context)
    {
        var caller = context.GetCaller();
        return TypedResults.Ok(new ContextView
        {
            PrincipalId = caller.Principal.Id,
            TenantId = caller.Principal.Tenant,
            Credential = caller.Kind.ToString().ToLowerInvariant(),
            Roles = caller.Principal.Roles,
            Scopes = [.. caller.Principal.Scopes.Order(StringComparer.Ordinal)],
            PrincipalRisk = $"R{(caller.SignIn is null ? 1 : caller.Principal.Roles.Select(RiskModel.OfRole).DefaultIfEmpty(RiskModel.RiskMax).Max())}",
            SessionAssurance = caller.SignIn is { } signIn ? $"A{signIn.Assurance}" : null,
            AuthenticatedAt = caller.SignIn?.AuthenticatedAt,
        });
    }

    private static async Task<IResult> EvaluateAsync(HttpContext context, IdentityActs acts)
    {
        var reading = await StrictBody.ReadAsync<EvaluateRequest>(context);
        if (reading.Body is not { } body)
        {
            return AccountProblem.Of(reading);
        }

        if (body.Action.Length is 0 or > TextMax || body.Resource?.Length > TextMax)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, $"`action` has 1 to {TextMax} characters, `resource` at most as many.", "action");
        }

        if (Level('S', body.ActionSensitivity ?? "S1") is not { } sensitivity)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, "`action_sensitivity` is S0, S1, S2, S3 or S4.", "action_sensitivity");
        }

        if (Level('T', body.RuntimeThreat ?? "T0") is not { } threat)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, "`runtime_threat` is T0, T1, T2, T3 or T4.", "runtime_threat");
        }

        var caller = context.GetCaller();
        var assurance = caller.SignIn is { } signIn ? (Assurance?)signIn.Assurance : null;
        var verdict = RiskModel.Judge(caller.Principal.Roles, assurance, sensitivity, threat);
        await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "auth.context-evaluated", verdict.Allowed ? "allow" : "deny");
        return TypedResults.Ok(new EvaluateView
        {
            Allowed = verdict.Allowed,
            Decision = verdict.Allowed ? "allow" : "deny",
            Reason = verdict.Reason,
            PrincipalRisk = $"R{verdict.Principal}",
            EffectiveRisk = $"R{verdict.Effective}",
            RequiredAssurance = verdict.Required.ToString(),
            SessionAssurance = assurance?.ToString(),
            StepUpRequired = verdict.Obligations.Contains("step_up_auth"),
            Obligations = verdict.Obligations,
        });
    }

    private static Ok<McpAccessView> Mcp(HttpContext context, IOptions<SignInOptions> options, IHostEnvironment environment)
    {
        var caller = context.GetCaller();
        IReadOnlyList<string> privileged = options.Value.McpPrivilegedRoles is { Count: > 0 } roles ? roles : [Roles.Admin];
        var (allowed, reason) = McpAccess.Judge(caller, privileged, !environment.IsDevelopment());
        return TypedResults.Ok(new McpAccessView
        {
            Allowed = allowed,
            Reason = reason,
            Role = caller.Principal.Roles.FirstOrDefault(),
            PrivilegedRoles = privileged,
            RequiredScopes = McpAccess.RequiredScopes,
            PresentedScopes = [.. caller.Principal.Scopes.Order(StringComparer.Ordinal)],
        });
    }

    private static async Task<IResult> CheckMfaAsync(HttpContext context)
    {
        var reading = await StrictBody.ReadAsync<CheckMfaRequest>(context);
        return reading.Body is { } body && EmailAddress.IsOne(body.Email)
            ? TypedResults.Ok(new CheckMfaView(false, "Nobody is told. Sign in: the answer says mfa_required where a code is needed."))
            : reading.Body is null ? AccountProblem.Of(reading)
            : AccountProblem.Of(Codes.AccountRequestInvalid, "`email` is an e-mail address.", "email");
    }

    private static int? Level(char letter, string text)
        => text.Length == 2 && text[0] == letter && text[1] is >= '0' and <= '4' ? text[1] - '0' : null;
}
