using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using AgentGate.Client.Policies;

namespace AgentGate.Client;

/// <content>Policies: read, draft, check, watch, activate, roll back.</content>
public sealed partial class AgentGateClient
{
    /// <summary>Lists the versions of the own tenant's policies, newest first. Needs <c>policies:read</c>.</summary>
    /// <param name="before">Where the page begins, as the page before says.</param>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyVersionList> ListPoliciesAsync(int? before = null, int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(Path("api/policies", ("before", Number(before)), ("limit", Number(limit))), AgentGateJson.Default.PolicyVersionList, cancellationToken);

    /// <summary>Reads a version with its text. Needs <c>policies:read</c>.</summary>
    /// <param name="version">Its number.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The version, or <see langword="null"/> where the own tenant has none of this number.</returns>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task<PolicyVersionEntry?> ReadPolicyAsync(int version, CancellationToken cancellationToken = default)
    {
        using var response = await http.GetAsync(PolicyPath(version), cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await ReadAsync(response, AgentGateJson.Default.PolicyVersionEntry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what judges calls now. Needs <c>policies:read</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<ActivePolicyEntry> ReadActivePoliciesAsync(CancellationToken cancellationToken = default)
        => GetAsync(Path("api/policies/active"), AgentGateJson.Default.ActivePolicyEntry, cancellationToken);

    /// <summary>Reads a page of the history, newest first. Needs <c>policies:read</c>.</summary>
    /// <param name="before">Where the page begins, as the page before says.</param>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyHistoryPage> ReadPolicyHistoryAsync(int? before = null, int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(
            Path("api/policies/history", ("before", Number(before)), ("limit", Number(limit))), AgentGateJson.Default.PolicyHistoryPage, cancellationToken);

    /// <summary>Stores a draft; it may still be wrong. Needs <c>policies:write</c>.</summary>
    /// <param name="text">The policies in Cedar syntax.</param>
    /// <param name="note">What the author says about it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyVersionEntry> CreatePolicyAsync(string text, string? note = null, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/policies"),
            new PolicyDraftRequest { Text = text, Note = note }, AgentGateJson.Default.PolicyDraftRequest, AgentGateJson.Default.PolicyVersionEntry, cancellationToken);

    /// <summary>Changes a draft. Needs <c>policies:write</c>.</summary>
    /// <param name="version">The draft.</param>
    /// <param name="revision">The revision the change was made from; another one is a conflict.</param>
    /// <param name="text">The new text.</param>
    /// <param name="note">The new note.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyVersionEntry> UpdatePolicyAsync(int version, int revision, string text, string? note = null, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Put, PolicyPath(version),
            new PolicyDraftRequest { Text = text, Note = note, Revision = revision }, AgentGateJson.Default.PolicyDraftRequest,
            AgentGateJson.Default.PolicyVersionEntry, cancellationToken);

    /// <summary>Deletes a draft. Needs <c>policies:write</c>.</summary>
    /// <param name="version">The draft.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task DeletePolicyAsync(int version, CancellationToken cancellationToken = default)
    {
        using var response = await http.DeleteAsync(PolicyPath(version), cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks a stored version. Needs <c>policies:read</c>.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyCheckResult> ValidatePolicyAsync(int version, CancellationToken cancellationToken = default)
        => PostAsync(PolicyPath(version, "validate"), null, AgentGateJson.Default.PolicyCheckResult, cancellationToken);

    /// <summary>Checks a text without storing it. Needs <c>policies:read</c>.</summary>
    /// <param name="text">The policies in Cedar syntax.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyCheckResult> ValidatePolicyAsync(string text, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/policies/validate"),
            new PolicyDraftRequest { Text = text }, AgentGateJson.Default.PolicyDraftRequest, AgentGateJson.Default.PolicyCheckResult, cancellationToken);

    /// <summary>Puts a version in force. Needs <c>policies:write</c>, and policies in force that permit it.</summary>
    /// <param name="version">The version; 0 for the configured policies.</param>
    /// <param name="request">What the caller believes is in force, and whether being locked out is accepted.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyActivationResult> ActivatePolicyAsync(int version, PolicyActivationRequest request, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, version == 0 ? Path("api/policies/configuration/activate") : PolicyPath(version, "activate"),
            request, AgentGateJson.Default.PolicyActivationRequest, AgentGateJson.Default.PolicyActivationResult, cancellationToken);

    /// <summary>Puts back in force what was before the active version. Needs <c>policies:write</c>, and policies in force that permit it.</summary>
    /// <param name="request">What the caller believes is in force, and whether being locked out is accepted.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyActivationResult> RollBackPoliciesAsync(PolicyActivationRequest request, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/policies/roll-back"),
            request, AgentGateJson.Default.PolicyActivationRequest, AgentGateJson.Default.PolicyActivationResult, cancellationToken);

    /// <summary>Has a draft asked beside the active version; its answers are recorded and not enforced. Needs <c>policies:write</c>.</summary>
    /// <param name="version">The draft.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task ShadowPolicyAsync(int version, CancellationToken cancellationToken = default)
    {
        using var response = await http.PostAsync(PolicyPath(version, "shadow"), null, cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has no version asked beside the active one any more. Needs <c>policies:write</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task EndPolicyShadowAsync(CancellationToken cancellationToken = default)
    {
        using var response = await http.DeleteAsync(Path("api/policies/shadow"), cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Translates a file of AgentGate 1.0 to Cedar; nothing is stored. Needs <c>policies:read</c>.</summary>
    /// <param name="utf8Json">The file.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<PolicyTranslationResult> ImportPolicyAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(utf8Json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return PostAsync(Path("api/policies/import"), content, AgentGateJson.Default.PolicyTranslationResult, cancellationToken);
    }

    private static Uri PolicyPath(int version, string? act = null)
        => Path($"api/policies/{Number(version)}{(act is null ? "" : "/" + act)}");

    private async Task<TResult> PostAsync<TResult>(Uri path, HttpContent? content, JsonTypeInfo<TResult> type, CancellationToken cancellationToken)
    {
        using (content)
        {
            using var response = await http.PostAsync(path, content, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TResult> SendAsync<TBody, TResult>(
        HttpMethod method, Uri path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TResult> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) };
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }
}
