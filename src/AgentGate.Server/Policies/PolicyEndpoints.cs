using System.Text.Json;
using AgentGate.Client;
using AgentGate.Client.Policies;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Import;
using AgentGate.Policies.Versions;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Policies;

/// <summary>Administering the policies of one's own tenant. The scope opens the route; whether a version may come into force is the gate's decision.</summary>
internal static class PolicyEndpoints
{
    /// <summary>What the configured policies are called in a route.</summary>
    private const string Configuration = ActivePolicies.ConfigurationVersion;

    private const int LimitMax = 200;

    public static IEndpointRouteBuilder MapPolicies(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/policies").WithTags("Policies").AddEndpointFilter(PolicyProblem.Filter);
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.PoliciesRead)
            .Produces<PolicyVersionList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List the versions, newest first.");
        group.MapPost(string.Empty, CreateAsync).RequireScope(Scopes.PoliciesWrite).RequireStepUpOfUsers()
            .Reads<PolicyDraftRequest>().Produces<PolicyVersionEntry>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Store a draft.");
        group.MapGet("/active", ActiveAsync).RequireScope(Scopes.PoliciesRead)
            .Produces<ActivePolicyEntry>()
            .WithSummary("Read the policies in force.");
        group.MapGet("/schema", Schema).RequireScope(Scopes.PoliciesRead)
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("Read the published schema.");
        group.MapGet("/history", HistoryAsync).RequireScope(Scopes.PoliciesRead)
            .Produces<PolicyHistoryPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Read what happened to the versions, newest first.");
        group.MapPost("/import", ImportAsync).RequireScope(Scopes.PoliciesRead)
            .Reads<JsonElement>().WithExample("""{"rules":[{"effect":"deny","action":"delete_*"}]}""", null).Produces<PolicyTranslationResult>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Translate a policy file of AgentGate 1.0; nothing is stored.");
        group.MapPost("/validate", CheckTextAsync).RequireScope(Scopes.PoliciesRead)
            .Reads<PolicyDraftRequest>().Produces<PolicyCheckResult>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Check a text without storing it.");
        group.MapPost("/roll-back", RollBackAsync).RequireScope(Scopes.PoliciesWrite).RequireStepUpOfUsers()
            .Reads<PolicyActivationRequest>().Produces<PolicyActivationResult>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Put back in force what was before the active version.");
        group.MapDelete("/shadow", EndShadowAsync).RequireScope(Scopes.PoliciesWrite)
            .Produces<PolicyActivationResult>()
            .WithSummary("End the shadow.");
        group.MapGet("/{id}", ReadAsync).RequireScope(Scopes.PoliciesRead)
            .Produces<PolicyVersionEntry>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read a version with its text.");
        group.MapPut("/{id}", UpdateAsync).RequireScope(Scopes.PoliciesWrite).RequireStepUpOfUsers()
            .Reads<PolicyDraftRequest>().Produces<PolicyVersionEntry>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Change a draft.");
        group.MapDelete("/{id}", DeleteAsync).RequireScope(Scopes.PoliciesWrite)
            .Produces<PolicyActivationResult>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Delete a draft.");
        group.MapPost("/{id}/validate", CheckAsync).RequireScope(Scopes.PoliciesRead)
            .Produces<PolicyCheckResult>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Check a version.");
        group.MapPost("/{id}/shadow", ShadowAsync).RequireScope(Scopes.PoliciesWrite)
            .Produces<PolicyActivationResult>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Have a draft asked beside the active version, and not enforced.");
        group.MapPost("/{id}/activate", ActivateAsync).RequireScope(Scopes.PoliciesWrite).RequireStepUpOfUsers()
            .Reads<PolicyActivationRequest>().Produces<PolicyActivationResult>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Put a version in force.");
        return routes;
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IPolicyVersions versions, string? before, string? limit, CancellationToken cancellationToken)
    {
        var (tenant, most) = (context.GetPrincipal().Tenant, PolicyBody.Number("limit", limit, 50, 1, LimitMax));
        var found = await versions.ListAsync(tenant, PolicyBody.Number("before", before, int.MaxValue, 1, int.MaxValue), most, cancellationToken);
        var active = await versions.ActiveAsync(tenant, cancellationToken);
        return TypedResults.Json(
            new PolicyVersionList([.. found.Select(version => PolicyView.Entry(version))], active, found.Count < most ? null : found[^1].Number),
            AgentGateJson.Readable.PolicyVersionList);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, PolicyAdministration policies, CancellationToken cancellationToken)
    {
        var body = await PolicyBody.ReadAsync(context, AgentGateJson.Default.PolicyDraftRequest, cancellationToken);
        var made = await policies.CreateAsync(context.GetPrincipal(), TextOf(body), body.Note ?? "", cancellationToken);
        return Show(made, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadAsync(HttpContext context, IPolicyVersions versions, string id, CancellationToken cancellationToken)
        => await versions.FindAsync(context.GetPrincipal().Tenant, PolicyBody.Version(id), cancellationToken) is { } found
            ? TypedResults.Json(PolicyView.Entry(found.Version, found.Text), AgentGateJson.Readable.PolicyVersionEntry)
            : PolicyProblem.Of(new PolicyRefusal(
                Codes.PolicyVersionNotFound, PolicyRefusalKind.NotFound, "There is no version of this number, or it belongs to another tenant."));

    private static async Task<IResult> UpdateAsync(HttpContext context, PolicyAdministration policies, string id, CancellationToken cancellationToken)
    {
        var body = await PolicyBody.ReadAsync(context, AgentGateJson.Default.PolicyDraftRequest, cancellationToken);
        var revision = body.Revision ?? throw PolicyProblem.Invalid("revision", "Name the revision the change was made from.");
        return Show(await policies.UpdateAsync(
            context.GetPrincipal(), PolicyBody.Version(id), revision, TextOf(body), body.Note ?? "", cancellationToken));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, PolicyAdministration policies, string id, CancellationToken cancellationToken)
        => await policies.DeleteAsync(context.GetPrincipal(), PolicyBody.Version(id), cancellationToken) is PolicyReply<int>.Refused refused
            ? PolicyProblem.Of(refused.Refusal) : TypedResults.NoContent();

    private static async Task<IResult> CheckAsync(HttpContext context, PolicyAdministration policies, string id, CancellationToken cancellationToken)
        => await policies.CheckAsync(context.GetPrincipal().Tenant, PolicyBody.Version(id), cancellationToken) switch
        {
            PolicyReply<PolicyCheck>.Done(var check) => TypedResults.Json(PolicyView.Check(check), AgentGateJson.Readable.PolicyCheckResult),
            PolicyReply<PolicyCheck>.Refused(var refusal) => PolicyProblem.Of(refusal),
            _ => throw new InvalidOperationException("The set of replies is closed."),
        };

    private static async Task<IResult> CheckTextAsync(HttpContext context, PolicyAdministration policies, CancellationToken cancellationToken)
    {
        var body = await PolicyBody.ReadAsync(context, AgentGateJson.Default.PolicyDraftRequest, cancellationToken);
        return TypedResults.Json(PolicyView.Check(policies.Check(TextOf(body))), AgentGateJson.Readable.PolicyCheckResult);
    }

    private static async Task<IResult> ActivateAsync(
        HttpContext context, PolicyAdministration policies, TimeProvider time, string id, CancellationToken cancellationToken)
    {
        var (expected, force) = await ExpectationAsync(context, cancellationToken);
        var number = PolicyBody.Version(id);
        if (number == PolicyVersion.Configured && id != Configuration)
        {
            // Nothing but its name means the configured policies; a mistyped number must not.
            number = -1;
        }

        return Show(await policies.ActivateAsync(context.GetPrincipal(), Circumstances(context, time), number, expected, force, cancellationToken));
    }

    private static async Task<IResult> RollBackAsync(
        HttpContext context, PolicyAdministration policies, TimeProvider time, CancellationToken cancellationToken)
    {
        var (expected, force) = await ExpectationAsync(context, cancellationToken);
        return Show(await policies.RollBackAsync(context.GetPrincipal(), Circumstances(context, time), expected, force, cancellationToken));
    }

    private static async Task<IResult> ShadowAsync(HttpContext context, PolicyAdministration policies, string id, CancellationToken cancellationToken)
        => await policies.ShadowAsync(context.GetPrincipal(), PolicyBody.Version(id) is > 0 and var number ? number : -1, cancellationToken)
            is PolicyReply<int>.Refused refused ? PolicyProblem.Of(refused.Refusal) : TypedResults.NoContent();

    private static async Task<IResult> EndShadowAsync(HttpContext context, PolicyAdministration policies, CancellationToken cancellationToken)
        => await policies.ShadowAsync(context.GetPrincipal(), PolicyVersion.Configured, cancellationToken)
            is PolicyReply<int>.Refused refused ? PolicyProblem.Of(refused.Refusal) : TypedResults.NoContent();

    private static async Task<IResult> HistoryAsync(
        HttpContext context, IPolicyVersions versions, string? before, string? limit, CancellationToken cancellationToken)
    {
        var most = PolicyBody.Number("limit", limit, 50, 1, LimitMax);
        var found = await versions.HistoryAsync(
            context.GetPrincipal().Tenant, PolicyBody.Number("before", before, int.MaxValue, 1, int.MaxValue), most, cancellationToken);
        return TypedResults.Json(
            new PolicyHistoryPage([.. found.Select(PolicyView.Line)], found.Count < most ? null : found[^1].Seq), AgentGateJson.Readable.PolicyHistoryPage);
    }

    private static async Task<IResult> ImportAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var file = await PolicyBody.ReadAsync(context, cancellationToken);
        try
        {
            return TypedResults.Json(PolicyView.Translation(PolicyImport.FromJson(file)), AgentGateJson.Readable.PolicyTranslationResult);
        }
        catch (PolicyImportException refused)
        {
            return PolicyProblem.Of(refused);
        }
    }

    private static async Task<IResult> ActiveAsync(
        HttpContext context, IPolicyVersions versions, PolicyRegistry registry, CancellationToken cancellationToken)
    {
        var tenant = context.GetPrincipal().Tenant;
        var active = registry.Current(tenant);

        // The author's own text, comments and all, while it is the one that judges.
        var number = active.Version.StartsWith('v') ? PolicyBody.Version(active.Version) : PolicyVersion.Configured;
        var stored = number == PolicyVersion.Configured ? null : await versions.FindAsync(tenant, number, cancellationToken);
        return TypedResults.Json(PolicyView.Active(active, number, stored?.Text), AgentGateJson.Readable.ActivePolicyEntry);
    }

    private static ContentHttpResult Schema() => TypedResults.Text(PublishedSchema.Text, "text/plain; charset=utf-8");

    private static async Task<(int Expected, bool Force)> ExpectationAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = await PolicyBody.ReadAsync(context, AgentGateJson.Default.PolicyActivationRequest, cancellationToken);
        return (body.ExpectedActive ?? throw PolicyProblem.Invalid(
            "expected_active", "Name what you believe is in force: \"active\" of GET /api/policies, 0 for the configured policies."), body.Force);
    }

    private static CallContext Circumstances(HttpContext context, TimeProvider time)
        => new() { At = time.GetUtcNow(), SourceAddress = context.Connection.RemoteIpAddress };

    private static string TextOf(PolicyDraftRequest body) => body.Text ?? throw PolicyProblem.Invalid("text", "Send the policies as \"text\".");

    private static IResult Show(PolicyReply<PolicyDocument> reply, int status = StatusCodes.Status200OK) => reply switch
    {
        PolicyReply<PolicyDocument>.Done(var document) => TypedResults.Json(
            PolicyView.Entry(document.Version, document.Text), AgentGateJson.Readable.PolicyVersionEntry, statusCode: status),
        PolicyReply<PolicyDocument>.Refused(var refusal) => PolicyProblem.Of(refusal),
        _ => throw new InvalidOperationException("The set of replies is closed."),
    };

    private static IResult Show(PolicyReply<int> reply) => reply switch
    {
        PolicyReply<int>.Done(var active) => TypedResults.Json(new PolicyActivationResult(active), AgentGateJson.Readable.PolicyActivationResult),
        PolicyReply<int>.Refused(var refusal) => PolicyProblem.Of(refusal),
        _ => throw new InvalidOperationException("The set of replies is closed."),
    };
}
