using AgentGate.Client.Deception;

namespace AgentGate.Client;

/// <content>Honey tokens: set, remove, see who touched them, clear.</content>
public sealed partial class AgentGateClient
{
    /// <summary>Sets a honey token. Needs <c>deception:write</c>.</summary>
    /// <param name="request">The token; its value is given here once and never shown again.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<HoneyTokenEntry> SetHoneyTokenAsync(HoneyTokenRequest request, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/honey-tokens"), request, AgentGateJson.Default.HoneyTokenRequest, AgentGateJson.Default.HoneyTokenEntry, cancellationToken);

    /// <summary>Lists the honey tokens of the own tenant. Needs <c>deception:read</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<HoneyTokenList> ListHoneyTokensAsync(CancellationToken cancellationToken = default)
        => GetAsync(Path("api/security/honey-tokens"), AgentGateJson.Default.HoneyTokenList, cancellationToken);

    /// <summary>Removes a honey token. Needs <c>deception:write</c>.</summary>
    /// <param name="tokenId">The token.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task RemoveHoneyTokenAsync(string tokenId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenId);
        using var response = await http.DeleteAsync(Path("api/security/honey-tokens/" + Uri.EscapeDataString(tokenId)), cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists who touched honey tokens, newest first. Needs <c>deception:read</c>.</summary>
    /// <param name="principal">Only this principal.</param>
    /// <param name="limit">How many, 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<HoneyTriggerList> ListHoneyTriggersAsync(string? principal = null, int? limit = null, CancellationToken cancellationToken = default)
        => GetAsync(
            Path("api/security/honey-tokens/triggers", ("principal", principal), ("limit", Number(limit))), AgentGateJson.Default.HoneyTriggerList, cancellationToken);

    /// <summary>Clears a principal of everything it touched. Needs <c>deception:write</c>; nobody clears itself.</summary>
    /// <param name="principal">The principal.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<HoneyClearResult> ClearPrincipalAsync(string principal, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(principal);
        return PostAsync(
            Path($"api/security/honey-tokens/principals/{Uri.EscapeDataString(principal)}/clear"), null, AgentGateJson.Default.HoneyClearResult, cancellationToken);
    }
}
