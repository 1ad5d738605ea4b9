using System.Text;
using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Client.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Audit;

/// <summary>The published endpoints of the transparency log and of evidence chains, over the one log there is.</summary>
internal static class TransparencyLogEndpoints
{
    public static void MapTransparencyLog(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/security").WithTags("Transparency").AddEndpointFilter(QueryProblem.Filter);
        group.MapGet("/transparency-log", ListAsync).RequireScope(Scopes.AuditRead)
            .Produces<TransparencyLogPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Leaves of the log, oldest first.");
        group.MapPost("/transparency-log/verify", VerifyAsync).RequireScope(Scopes.AuditRead)
            .Reads<TransparencyLogVerifyRequest>().Produces<TransparencyLogVerification>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Check leaves against their entries and the checkpoint.");
        group.MapGet("/evidence/chain/{id}", ChainAsync).RequireScope(Scopes.AuditRead)
            .Produces<EvidenceChainResult>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Verify the chain of one's own log.");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IAuditLog log, LogTrees trees, CheckpointPublisher publisher, string? limit, string? offset, CancellationToken cancellationToken)
    {
        var tenant = context.GetPrincipal().Tenant;
        var count = QueryProblem.Number("limit", limit, 100, 1, AuditQuery.MaxLimit);
        var first = QueryProblem.Number("offset", offset, 0, 0, int.MaxValue);
        var entries = new List<TransparencyLogEntry>();
        await foreach (var stored in log.ReadChainAsync(tenant, first + 1L, null, cancellationToken))
        {
            if (entries.Count == count)
            {
                break;
            }

            entries.Add(Leaf(stored));
        }

        var page = new TransparencyLogPage
        {
            Entries = entries,
            Total = trees.HeadOf(tenant)?.Size ?? 0,
            Checkpoint = publisher.PublishedOf(tenant) is { } published ? Encoding.UTF8.GetString(published.Note.Span) : null,
        };
        return TypedResults.Json(page, AgentGateJson.Readable.TransparencyLogPage);
    }

    private static TransparencyLogEntry Leaf(StoredEntry stored)
    {
        var hash = Convert.ToHexStringLower(MerkleHash.Leaf(stored.Canonical.Span));
        try
        {
            var body = LogEntryParser.Parse(stored.Canonical.Span).Body;
            return new TransparencyLogEntry(stored.Seq - 1, hash, LogEntryWords.Of(body.Kind), body.At, body.DecisionId, body.CertificateHash);
        }
        catch (FormatException)
        {
            return new TransparencyLogEntry(stored.Seq - 1, hash, "unreadable", null, null, null);
        }
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, TreeVerifier verifier, AdminActs acts, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        var request = await ReadAsync(context, cancellationToken);
        if (request.StartIndex < 0 || request.EndIndex < (request.StartIndex ?? 0))
        {
            throw new QueryProblem("start_index", "'start_index' must be from 0 and not above 'end_index'.");
        }

        var (valid, count, index, reason) = await verifier.VerifyAsync(
            principal.Tenant, request.StartIndex ?? 0, request.EndIndex ?? long.MaxValue, cancellationToken);
        await acts.RecordAsync(principal, AdminActs.LogVerified, null, valid ? "valid" : "broken", cancellationToken);
        var result = new TransparencyLogVerification { Valid = valid, CheckedEntries = count, FirstInvalidIndex = index, FailureReason = reason };
        return TypedResults.Json(result, AgentGateJson.Readable.TransparencyLogVerification);
    }

    /// <summary>The body; nothing at all means everything.</summary>
    private static async Task<TransparencyLogVerifyRequest> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return context.Request.ContentLength is null or 0
                ? new TransparencyLogVerifyRequest()
                : await JsonSerializer.DeserializeAsync(context.Request.Body, AgentGateJson.Default.TransparencyLogVerifyRequest, cancellationToken)
                    ?? new TransparencyLogVerifyRequest();
        }
        catch (JsonException)
        {
            throw new QueryProblem("body", "The body must be JSON with the numbers 'start_index' and 'end_index'.");
        }
    }

    private static async Task<IResult> ChainAsync(
        HttpContext context, string id, AuditVerifier verifier, AdminActs acts, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        if (id != principal.Tenant)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound,
                title: "Not found",
                detail: "There is no such evidence chain; a chain's id is the name of its tenant's log.",
                extensions: [new("code", Codes.TileNotFound)]);
        }

        var verified = await verifier.VerifyAsync(principal.Tenant, cancellationToken);
        await acts.RecordAsync(principal, AdminActs.LogVerified, null, verified.Valid ? "valid" : "broken", cancellationToken);
        var result = new EvidenceChainResult
        {
            ChainId = id,
            Valid = verified.Valid,
            CheckedEntries = verified.Checked,
            FailureReason = ChainWords.Of(verified.Reason),
            FailedHopIndex = verified.FirstBrokenSeq - 1,
        };
        return TypedResults.Json(result, AgentGateJson.Readable.EvidenceChainResult);
    }
}
