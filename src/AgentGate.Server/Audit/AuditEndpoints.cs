using System.Globalization;
using System.Runtime.CompilerServices;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Client.Audit;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Kernel.Transparency;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Audit;

/// <summary>Reading, verifying and exporting the log of one's own tenant.</summary>
internal static partial class AuditEndpoints
{
    /// <summary>The longest export, in hours.</summary>
    public const int MaxHours = 720;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/audit").WithTags("Audit").AddEndpointFilter(QueryProblem.Filter);
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.AuditRead)
            .Produces<AuditPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Read the log, newest entry first.");
        group.MapPost("/verify-chain", VerifyAsync).RequireScope(Scopes.AuditVerify)
            .Produces<ChainVerificationResult>()
            .WithSummary("Verify the whole log.");
        group.MapGet("/export", ExportAsync).RequireScope(Scopes.AuditExport)
            .Produces<AuditPage>().Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Export the log as csv, json or jsonl.");
        return routes;
    }

    private static async Task<JsonHttpResult<AuditPage>> ListAsync(
        HttpContext context, IAuditLog log, [AsParameters] AuditListParameters parameters, CancellationToken cancellationToken)
    {
        var query = parameters.ToQuery(context.GetPrincipal().Tenant);
        var entries = await log.ReadAsync(query, cancellationToken);
        var page = new AuditPage
        {
            Entries = [.. entries.Select(AuditEntryReader.Read)],
            NextCursor = entries.Count < query.Limit ? null : entries[^1].Seq.ToString(CultureInfo.InvariantCulture),
        };
        return TypedResults.Json(page, AgentGateJson.Readable.AuditPage);
    }

    private static async Task<JsonHttpResult<ChainVerificationResult>> VerifyAsync(
        HttpContext context, AuditVerifier verifier, AdminActs acts, ILogger<AuditVerifier> logger, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        var result = await verifier.VerifyAsync(principal.Tenant, cancellationToken);
        if (!result.Valid)
        {
            Log.Broken(logger, result.FirstBrokenSeq, result.Reason);
        }

        await acts.RecordAsync(principal, AdminActs.LogVerified, null, result.Valid ? "valid" : "broken", cancellationToken);
        return TypedResults.Json(ToResult(result), AgentGateJson.Readable.ChainVerificationResult);
    }

    private static async Task ExportAsync(
        HttpContext context,
        IAuditLog log,
        DecisionRecorder recorder,
        AdminActs acts,
        TimeProvider time,
        string? format,
        string? hours,
        CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        var kind = QueryProblem.Word("format", format ?? "json", AuditExport.Formats)!;
        var since = time.GetUtcNow().AddHours(-QueryProblem.Number("hours", hours, 24, 1, MaxHours));

        // On record before the first byte leaves; the export ends with this very entry and not with whatever comes after it.
        await acts.RecordAsync(principal, AdminActs.LogExported, null, kind, cancellationToken);
        var last = recorder.HeadOf(principal.Tenant)?.Seq ?? 0;

        var export = new AuditExport(kind);
        context.Response.ContentType = export.ContentType;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"agentgate-audit.{kind}\"";
        context.Response.Headers.CacheControl = "no-store";
        var entries = UpToAsync(log.ReadChainAsync(principal.Tenant, 1, since, cancellationToken), last, cancellationToken);
        await export.WriteAsync(context.Response.BodyWriter, entries, cancellationToken);
    }

    private static async IAsyncEnumerable<StoredEntry> UpToAsync(
        IAsyncEnumerable<StoredEntry> entries, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            if (entry.Seq > last)
            {
                yield break;
            }

            yield return entry;
        }
    }

    private static ChainVerificationResult ToResult(ChainVerification result) => new()
    {
        Valid = result.Valid,
        EntriesChecked = result.Checked,
        ChainStart = result.First,
        ChainEnd = result.Last,
        FirstBrokenSeq = result.FirstBrokenSeq,
        Reason = ChainWords.Of(result.Reason),
    };

    private static partial class Log
    {
        [LoggerMessage(4006, LogLevel.Critical, Codes.LogBroken + ": the log is broken at entry {Seq}: {Reason}.")]
        public static partial void Broken(ILogger logger, long? seq, ChainBreak? reason);
    }
}
