using System.Net;
using AgentGate.Client.Delegation;

namespace AgentGate.Client;

/// <content>Grants: issue, revoke, read.</content>
public sealed partial class AgentGateClient
{
    /// <summary>Issues a grant. Needs <c>delegation:write</c>, and policies that permit it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused; the problem names the field and the reason's word.</exception>
    public Task<GrantEntry> IssueGrantAsync(GrantIssueRequest request, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/delegation/issue"), request, AgentGateJson.Default.GrantIssueRequest, AgentGateJson.Default.GrantEntry, cancellationToken);

    /// <summary>Revokes a grant, and with it every grant that rests on it. Needs <c>delegation:write</c>, and policies that permit it.</summary>
    /// <param name="grantId">The grant.</param>
    /// <param name="reason">Why; no personal data.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<GrantRevokeResult> RevokeGrantAsync(string grantId, string reason, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/delegation/revoke"),
            new GrantRevokeRequest { GrantId = grantId, Reason = reason }, AgentGateJson.Default.GrantRevokeRequest, AgentGateJson.Default.GrantRevokeResult, cancellationToken);

    /// <summary>Lists grants of the own tenant, by id. Needs <c>delegation:read</c>.</summary>
    /// <param name="principal">Only grants by or to this principal.</param>
    /// <param name="after">Where the page begins, as the page before says.</param>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<GrantPage> ListGrantsAsync(string? principal = null, string? after = null, int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(
            Path("api/security/delegations", ("principal", principal), ("after", after), ("limit", Number(limit))), AgentGateJson.Default.GrantPage, cancellationToken);

    /// <summary>Reads a grant with its chain. Needs <c>delegation:read</c>.</summary>
    /// <param name="grantId">The grant.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The grant, or <see langword="null"/> where the own tenant has none of this id.</returns>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task<GrantDetail?> ReadGrantAsync(string grantId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(grantId);
        using var response = await http.GetAsync(Path("api/security/delegations/" + Uri.EscapeDataString(grantId)), cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await ReadAsync(response, AgentGateJson.Default.GrantDetail, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists revocations of the own tenant, newest first. Needs <c>delegation:read</c>.</summary>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<GrantRevocationPage> ListRevocationsAsync(int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(Path("api/security/global-revocations", ("limit", Number(limit))), AgentGateJson.Default.GrantRevocationPage, cancellationToken);
}
