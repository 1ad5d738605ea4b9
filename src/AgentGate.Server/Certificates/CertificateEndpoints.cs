using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Client;
using AgentGate.Client.Certificates;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Certificates;

/// <summary>Reading the certificates of one's own tenant, having them verified, and erasing what they rest on.</summary>
internal static class CertificateEndpoints
{
    /// <summary>The act of having a certificate verified.</summary>
    public const string Verified = "certificate.verify";

    /// <summary>The act of destroying the key of a principal's evidence.</summary>
    public const string Erased = "evidence.erase";

    private const int HoursMax = 720;

    public static IEndpointRouteBuilder MapCertificates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/security").WithTags("Certificates").AddEndpointFilter(QueryProblem.Filter).AddEndpointFilter(EvidenceProblem.Filter);
        group.MapGet("/certificates/lookup", LookUpAsync).RequireScope(Scopes.CertificatesRead)
            .Produces<CertificateList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Find certificates by a hash they state.");
        group.MapGet("/certificates/stats", CountAsync).RequireScope(Scopes.CertificatesRead)
            .Produces<CertificateStats>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Count certificates by result and decision.");
        group.MapGet("/certificates/{id}", ShowAsync).RequireScope(Scopes.CertificatesRead)
            .Produces<JsonElement>().WithExample(null, """{"body":{"decision_id":"d_0197b2f06c1a","result":"admissible"},"theorem_hash":"sha256:…"}""").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read a certificate by its decision.");
        group.MapGet("/certificates/{id}/bundle", BundleAsync).RequireScope(Scopes.CertificatesRead)
            .Produces<JsonElement>().WithExample(null, """{"version":1,"certificate":{},"entry":{},"proof":[],"checkpoint":"…"}""").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read everything that is needed to verify a certificate offline.");
        group.MapPost("/certificate/verify", VerifyAsync).RequireScope(Scopes.CertificatesRead)
            .Reads<CertificateVerificationRequest>().Produces<CertificateVerificationResult>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Re-execute a decision on the server.");
        group.MapDelete("/evidence/subjects/{principal}", EraseAsync).RequireScope(Scopes.EvidenceErase).RequireStepUp()
            .Produces<EvidenceErasure>()
            .WithSummary("Destroy the key of a principal's evidence. Cannot be undone.");
        return routes;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ICertificateStore store, string id, CancellationToken cancellationToken)
        => await store.FindAsync(context.GetPrincipal().Tenant, id, cancellationToken) is { } found ? Document(found.ToJson()) : NotFound();

    private static async Task<IResult> BundleAsync(
        HttpContext context, ICertificateStore store, BundleBuilder bundles, string id, CancellationToken cancellationToken)
        => await store.FindAsync(context.GetPrincipal().Tenant, id, cancellationToken) is not { } found ? NotFound()
            : await bundles.BuildAsync(found, cancellationToken) is { } bundle ? Document(bundle)
            : NotReady();

    private static async Task<IResult> LookUpAsync(
        HttpContext context, ICertificateStore store, string? alpha_hash, string? gamma_hash, string? theorem_hash, string? limit, CancellationToken cancellationToken)
    {
        (CertificateHash Kind, string? Value)[] hashes = [(CertificateHash.Alpha, alpha_hash), (CertificateHash.Gamma, gamma_hash), (CertificateHash.Theorem, theorem_hash)];
        if (hashes.Where(static hash => hash.Value is not null).ToList() is not [var (kind, value)])
        {
            throw new QueryProblem("alpha_hash", "Give exactly one of alpha_hash, gamma_hash and theorem_hash.");
        }

        var most = QueryProblem.Number("limit", limit, 50, 1, CertificateLookup.LimitMax);
        var found = await store.LookupAsync(new CertificateLookup(context.GetPrincipal().Tenant, kind, value!, most), cancellationToken);
        return TypedResults.Json(new CertificateList([.. found.Select(Entry)]), AgentGateJson.Readable.CertificateList);
    }

    private static async Task<IResult> CountAsync(
        HttpContext context, ICertificateStore store, TimeProvider time, string? hours, CancellationToken cancellationToken)
    {
        var span = QueryProblem.Number("hours", hours, 24, 1, HoursMax);
        var counts = await store.CountAsync(context.GetPrincipal().Tenant, time.GetUtcNow().AddHours(-span), cancellationToken);
        return TypedResults.Json(
            new CertificateStats { Hours = span, Total = counts.Total, ByResult = counts.ByResult, ByDecision = counts.ByDecision },
            AgentGateJson.Readable.CertificateStats);
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, ICertificateStore store, CertificateVerification verification, AdminActs acts, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        if (await DecisionIdAsync(context, cancellationToken) is not { Length: > 0 } id)
        {
            throw new QueryProblem("decision_id", "Give the id of the decision, {\"decision_id\": \"…\"}, and nothing else.");
        }

        if (await store.FindAsync(principal.Tenant, id, cancellationToken) is not { } found)
        {
            return NotFound();
        }

        if (await verification.VerifyAsync(found, cancellationToken) is not { } result)
        {
            return NotReady();
        }

        await acts.RecordAsync(principal, Verified, new EntityRef("AgentGate::Decision", found.DecisionId), result.Valid ? "valid" : "not valid", cancellationToken);
        return TypedResults.Json(Result(found.DecisionId, result), AgentGateJson.Readable.CertificateVerificationResult);
    }

    private static async Task<IResult> EraseAsync(
        HttpContext context, ICertificateStore store, AdminActs acts, string principal, CancellationToken cancellationToken)
    {
        var by = context.GetPrincipal();
        if (!await store.HasSubjectAsync(by.Tenant, principal, cancellationToken))
        {
            return NotFound();
        }

        // First on record: what cannot be put on record does not happen, and this cannot be undone.
        await acts.RecordAsync(by, Erased, new EntityRef("AgentGate::Agent", principal), null, cancellationToken);
        await store.EraseSubjectAsync(by.Tenant, principal, CancellationToken.None);
        return TypedResults.Json(new EvidenceErasure(principal, true), AgentGateJson.Readable.EvidenceErasure);
    }

    private static async Task<string?> DecisionIdAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 }, cancellationToken);
            return document.Deserialize(AgentGateJson.Default.CertificateVerificationRequest)?.DecisionId;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CertificateVerificationResult Result(string id, VerificationReport report) => new()
    {
        DecisionId = id,
        Valid = report.Valid,
        Erased = report.Erased,
        Steps = [.. report.Steps.Select(static step => new CertificateVerificationStep(step.Name, Word(step.Outcome), step.Explanation))],
    };

    private static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Ok => "ok",
        StepOutcome.Failed => "failed",
        _ => "skipped",
    };

    private static CertificateEntry Entry(StoredCertificate certificate)
    {
        using var document = JsonDocument.Parse(certificate.ToJson());
        return new CertificateEntry
        {
            DecisionId = certificate.DecisionId,
            CallId = certificate.CallId,
            CreatedAt = certificate.CreatedAt,
            Result = certificate.Result,
            Decision = certificate.Decision,
            LogSeq = certificate.Seq,
            Certificate = document.RootElement.Clone(),
        };
    }

    private static FileContentHttpResult Document(byte[] json) => TypedResults.Bytes(json, "application/json");

    private static ProblemHttpResult NotFound() => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound,
        title: "No such certificate",
        detail: "There is nothing of this id, or it belongs to another tenant.",
        extensions: [new("code", Codes.CertificateNotFound)]);

    private static ProblemHttpResult NotReady() => TypedResults.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable,
        title: "No checkpoint yet",
        detail: "No signed checkpoint covers the decision's entry yet. Try again in a moment.",
        extensions: [new("code", Codes.BundleNotReady)]);
}
