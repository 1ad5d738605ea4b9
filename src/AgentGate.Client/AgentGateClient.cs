using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using AgentGate.Client.Audit;
using AgentGate.Client.Budgets;
using AgentGate.Client.Traces;

namespace AgentGate.Client;

/// <summary>Talks to an AgentGate server. Thread-safe as far as the <see cref="HttpClient"/> is.</summary>
/// <param name="http">Carries the base address and the <c>Authorization</c> header; stays the caller's to dispose.</param>
public sealed partial class AgentGateClient(HttpClient http)
{
    /// <summary>Reads a page of the log. Needs <c>audit:read</c>.</summary>
    /// <param name="filter">Which entries.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<AuditPage> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var path = Path(
            "api/audit",
            ("event_type", filter.EventType),
            ("actor", filter.Actor),
            ("tool", filter.Tool),
            ("code", filter.Code),
            ("search", filter.Search),
            ("since", Time(filter.Since)),
            ("until", Time(filter.Until)),
            ("limit", Number(filter.Limit)),
            ("cursor", filter.Cursor));
        return GetAsync(path, AgentGateJson.Default.AuditPage, cancellationToken);
    }

    /// <summary>Has the server verify the own tenant's log. Needs <c>audit:verify</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task<ChainVerificationResult> VerifyChainAsync(CancellationToken cancellationToken = default)
    {
        using var response = await http.PostAsync(new Uri("api/audit/verify-chain", UriKind.Relative), null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, AgentGateJson.Default.ChainVerificationResult, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Exports the own tenant's log as it arrives. Needs <c>audit:export</c>.</summary>
    /// <param name="format"><c>csv</c>, <c>json</c> or <c>jsonl</c>.</param>
    /// <param name="hours">How far back, 1 to 720.</param>
    /// <param name="destination">Receives the document.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task ExportAuditAsync(string format, int hours, Stream destination, CancellationToken cancellationToken = default)
    {
        var path = Path("api/audit/export", ("format", format), ("hours", Number(hours)));
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
        await response.Content.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists traces. Needs <c>trace:read</c>.</summary>
    /// <param name="filter">Which traces.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<TraceList> ListTracesAsync(TraceFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var path = Path(
            "api/traces",
            ("status", filter.Status),
            ("decision", filter.Decision),
            ("action", filter.Action),
            ("resource", filter.Resource),
            ("principal", filter.Principal),
            ("door", filter.Door),
            ("since", Time(filter.Since)),
            ("limit", Number(filter.Limit)),
            ("offset", Number(filter.Offset)));
        return GetAsync(path, AgentGateJson.Default.TraceList, cancellationToken);
    }

    /// <summary>Reads one trace. Needs <c>trace:read</c>.</summary>
    /// <param name="id">The call's id, or <c>latest</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The trace, or <see langword="null"/> where the own tenant has none with this id.</returns>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task<TraceDetail?> ReadTraceAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        using var response = await http.GetAsync(Path("api/traces/" + Uri.EscapeDataString(id)), cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await ReadAsync(response, AgentGateJson.Default.TraceDetail, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists the budgets of the own tenant. Needs <c>budgets:read</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<BudgetList> ListBudgetsAsync(CancellationToken cancellationToken = default)
        => GetAsync(Path("api/budgets"), AgentGateJson.Default.BudgetList, cancellationToken);

    private static Uri Path(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new List<string>();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        return new Uri(query.Count == 0 ? path : path + "?" + string.Join('&', query), UriKind.Relative);
    }

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
            ?? throw new AgentGateApiException(response.StatusCode, null);
    }

    private static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        throw new AgentGateApiException(
            response.StatusCode,
            isProblem ? await response.Content.ReadFromJsonAsync(AgentGateJson.Default.ProblemDocument, cancellationToken).ConfigureAwait(false) : null);
    }

    private async Task<T> GetAsync<T>(Uri path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }
}
