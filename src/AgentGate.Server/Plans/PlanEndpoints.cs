using System.Text.Json;
using AgentGate.Client;
using AgentGate.Client.Plans;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;
using AgentGate.Pipeline;
using AgentGate.Plans;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Plans;

/// <summary>Asking what would be admissible: one question, or a whole plan. Nothing is done; every answer is certified and on record.</summary>
internal static class PlanEndpoints
{
    public static IEndpointRouteBuilder MapPlans(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/security").WithTags("Plans").AddEndpointFilter(PlanProblem.Filter);
        group.MapPost("/admissibility/evaluate", EvaluateAsync).RequireScope(Scopes.AdmissibilityEvaluate)
            .Reads<AdmissibilityRequest>().Produces<AdmissibilityResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Ask whether something would be admissible now.");
        group.MapGet("/admissibility/runtime-status", Status).RequireScope(Scopes.AdmissibilityEvaluate)
            .Produces<AdmissibilityStatus>()
            .WithSummary("Read what decisions rest on now.");
        group.MapPost("/counterfactual/verify", VerifyAsync).RequireScope(Scopes.AdmissibilityEvaluate)
            .Reads<PlanRequest>().Produces<PlanResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Verify a plan as a whole, before its first step.");
        group.MapPost("/formal/verify", (HttpContext context) => Moved(context, "/api/security/certificate/verify")).RequireScope(Scopes.AdmissibilityEvaluate)
            .Produces(StatusCodes.Status308PermanentRedirect)
            .WithSummary("Deprecated: POST /api/security/certificate/verify.");
        group.MapGet("/formal/evidence", Evidence).RequireScope(Scopes.AdmissibilityEvaluate)
            .Produces(StatusCodes.Status308PermanentRedirect)
            .WithSummary("Deprecated: GET /api/security/evidence/chain/{id}.");
        return routes;
    }

    private static async Task<IResult> EvaluateAsync(HttpContext context, IPlanEvaluator plans, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await PlanReading.BodyAsync(context, AgentGateJson.Default.AdmissibilityRequest, cancellationToken);
        PlanReading.OwnOnly(context.GetPrincipal(), body.Principal, body.TenantId);
        if (body.Action is not { Length: > 0 })
        {
            throw PlanProblem.Invalid("action", "Name the \"action\" that is asked about.");
        }

        if (body.Resource is null)
        {
            throw PlanProblem.Invalid("resource", "Name the \"resource\" that is asked about.");
        }

        if (body.Context is not null && body.RuntimeContext is not null)
        {
            throw PlanProblem.Invalid("runtime_context", "Send \"context\" or, under its old name, \"runtime_context\"; not both.");
        }

        var step = PlanReading.Step("", new PlanStepRequest
        {
            Action = body.Action, Resource = body.Resource, Context = body.Context ?? body.RuntimeContext, DelegationRef = body.DelegationRef,
        });
        var verified = await plans.VerifyAsync(context.GetPrincipal(), Circumstances(context, time), [step], PlanTier.Low, cancellationToken);
        var certificate = Certificate(verified.Certificates[0]);
        return verified.Result.IsSafe
            ? TypedResults.Json(
                new AdmissibilityResponse { Success = true, DecisionId = verified.Certificates[0].DecisionId, Certificate = certificate },
                AgentGateJson.Readable.AdmissibilityResponse)
            : TypedResults.Problem(
                verified.Result.BlockedReason,
                statusCode: StatusCodes.Status403Forbidden,
                title: "Not admissible",
                extensions: new Dictionary<string, object?>
                {
                    ["code"] = Codes.Inadmissible,
                    ["success"] = false,
                    ["decision_id"] = verified.Certificates[0].DecisionId,
                    ["failed_predicates"] = verified.Result.FailedPredicates.ToArray(),
                    ["certificate"] = certificate,
                });
    }

    private static async Task<IResult> VerifyAsync(HttpContext context, IPlanEvaluator plans, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await PlanReading.BodyAsync(context, AgentGateJson.Default.PlanRequest, cancellationToken);
        PlanReading.OwnOnly(context.GetPrincipal(), body.Principal, body.TenantId);
        var (tier, steps) = (PlanReading.Tier(body), PlanReading.Steps(body));
        var verified = await plans.VerifyAsync(context.GetPrincipal(), Circumstances(context, time), steps, tier, cancellationToken);
        var result = verified.Result;
        return TypedResults.Json(
            new PlanResponse
            {
                DecisionId = verified.PlanId,
                Safe = result.IsSafe,
                RiskTier = result.Tier.Word(),
                TotalSteps = result.TotalSteps,
                EvaluatedSteps = result.EvaluatedSteps,
                Bound = result.Bound,
                BlockedStepIndex = result.BlockedStepIndex,
                BlockedReason = result.BlockedReason,
                FailedPredicates = result.FailedPredicates,
                Counterexample = result.IsSafe ? null : new PlanCounterexample(result.BlockedStepIndex, Certificate(verified.Certificates[^1])),
                Trace = [.. result.Steps.Zip(verified.Certificates, Trace)],
                Assumptions = result.Assumptions,
            },
            AgentGateJson.Readable.PlanResponse);
    }

    private static JsonHttpResult<AdmissibilityStatus> Status(HttpContext context, IAdmissibilityQuestions questions)
    {
        var tenant = context.GetPrincipal().Tenant;
        var epoch = questions.EpochOf(tenant);
        var (settings, grants) = (epoch.Knowledge.Settings, epoch.Knowledge.Grants);
        return TypedResults.Json(
            new AdmissibilityStatus
            {
                Tenant = tenant,
                TheoremHash = Theorem.Hash,
                SolverVersion = CertificateBody.SolverVersion,
                GammaHash = epoch.GammaHash,
                PolicySetHash = epoch.Knowledge.PolicySetHash,
                SettingsHash = AlphaJson.Hash(epoch.Settings.Span),
                GrantsRoot = grants.GrantsRoot,
                GrantsSize = grants.GrantsSize,
                RevocationsRoot = grants.RevocationsRoot,
                RevocationsSize = grants.RevocationsSize,
                ValiditySeconds = (long)settings.Validity.TotalSeconds,
                AttestationSeconds = (long)settings.AttestationLifetime.TotalSeconds,
                Obligations = [.. settings.Obligations.Select(static rule => new ObligationEntry(rule.Action, rule.Obligation))],
                QuorumVotes = settings.Quorum?.Votes ?? 0,
                QuorumNodes = settings.Quorum is null ? [] : [.. settings.Quorum.Nodes.Select(static node => node.NodeId)],
            },
            AgentGateJson.Readable.AdmissibilityStatus);
    }

    private static RedirectHttpResult Evidence(HttpContext context, string? chain_id)
        => chain_id is { Length: > 0 and <= 256 }
            ? Moved(context, "/api/security/evidence/chain/" + Uri.EscapeDataString(chain_id))
            : throw PlanProblem.Invalid("chain_id", "Name the chain as \"chain_id\".");

    /// <summary>Where a route of 1.0 lives now. The method and the body go there unchanged (308, RFC 9110 section 15.4.9).</summary>
    private static RedirectHttpResult Moved(HttpContext context, string path)
    {
        // RFC 9745 (Deprecation, a date since then), RFC 8594 (Sunset); Warning 299 is what 1.0's clients read.
        context.Response.Headers["Deprecation"] = "@1764547200";
        context.Response.Headers["Sunset"] = "Tue, 01 Dec 2026 00:00:00 GMT";
        context.Response.Headers.Warning = $"299 - \"Deprecated: use {path}\"";
        context.Response.Headers.Link = $"<{path}>; rel=\"successor-version\"";
        return TypedResults.LocalRedirect(path, permanent: true, preserveMethod: true);
    }

    private static PlanTraceEntry Trace(PlanStepResult step, IssuedCertificate issued)
    {
        using var body = JsonDocument.Parse(issued.Draft.Body);
        return new PlanTraceEntry
        {
            StepIndex = step.Index,
            Action = step.Step.Action,
            Resource = (step.Moment?.Alpha.Resource ?? step.Step.Resource) is { } resource ? $"{resource.Type[(resource.Type.LastIndexOf(':') + 1)..]}:{resource.Id}" : null,
            DecisionId = issued.DecisionId,
            Result = body.RootElement.GetProperty("result").GetString()!,
            ProofType = body.RootElement.GetProperty("proof_type").GetString()!,
            FailedPredicates = step.FailedPredicates,
        };
    }

    private static JsonElement Certificate(IssuedCertificate issued)
    {
        using var document = JsonDocument.Parse(issued.ToJson());
        return document.RootElement.Clone();
    }

    private static CallContext Circumstances(HttpContext context, TimeProvider time)
        => new() { At = time.GetUtcNow(), SourceAddress = context.Connection.RemoteIpAddress };
}
