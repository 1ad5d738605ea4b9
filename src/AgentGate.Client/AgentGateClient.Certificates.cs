using System.Net;
using AgentGate.Client.Certificates;

namespace AgentGate.Client;

/// <content>Certificates: read, look up, count, verify, and the bundle that proves one to a stranger.</content>
public sealed partial class AgentGateClient
{
    private const string CertificatesPath = "api/security/certificates/";

    /// <summary>Reads a certificate as it is published. Needs <c>certificates:read</c>.</summary>
    /// <param name="decisionId">The decision's id; the header <c>X-AgentGate-Decision</c> names it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The JSON, or <see langword="null"/> where the own tenant has none with this id.</returns>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<string?> ReadCertificateAsync(string decisionId, CancellationToken cancellationToken = default)
        => ReadDocumentAsync(CertificatesPath + Segment(decisionId), cancellationToken);

    /// <summary>Reads everything a stranger needs to verify a certificate offline. Needs <c>certificates:read</c>.</summary>
    /// <param name="decisionId">The decision's id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The JSON, or <see langword="null"/> where the own tenant has none with this id.</returns>
    /// <exception cref="AgentGateApiException">The server refused, or no checkpoint covers the decision yet.</exception>
    public Task<string?> ReadBundleAsync(string decisionId, CancellationToken cancellationToken = default)
        => ReadDocumentAsync(CertificatesPath + Segment(decisionId) + "/bundle", cancellationToken);

    /// <summary>Finds certificates by a hash they state, newest first. Needs <c>certificates:read</c>.</summary>
    /// <param name="hash"><c>alpha_hash</c>, <c>gamma_hash</c> or <c>theorem_hash</c>.</param>
    /// <param name="value">The hash, lower-case hex.</param>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<CertificateList> LookUpCertificatesAsync(string hash, string value, int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(Path(CertificatesPath + "lookup", (hash, value), ("limit", Number(limit))), AgentGateJson.Default.CertificateList, cancellationToken);

    /// <summary>Counts certificates. Needs <c>certificates:read</c>.</summary>
    /// <param name="hours">How far back, 1 to 720.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<CertificateStats> ReadCertificateStatsAsync(int? hours = null, CancellationToken cancellationToken = default)
        => GetAsync(Path(CertificatesPath + "stats", ("hours", Number(hours))), AgentGateJson.Default.CertificateStats, cancellationToken);

    /// <summary>Has the server re-execute a decision. Needs <c>certificates:read</c>. Who does not trust the server verifies the bundle.</summary>
    /// <param name="decisionId">The decision's id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused, or has no such decision.</exception>
    public Task<CertificateVerificationResult> VerifyCertificateAsync(string decisionId, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post,
            Path("api/security/certificate/verify"),
            new CertificateVerificationRequest { DecisionId = decisionId },
            AgentGateJson.Default.CertificateVerificationRequest,
            AgentGateJson.Default.CertificateVerificationResult,
            cancellationToken);

    private static string Segment(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Uri.EscapeDataString(id);
    }

    private async Task<string?> ReadDocumentAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(Path(path), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }
}
