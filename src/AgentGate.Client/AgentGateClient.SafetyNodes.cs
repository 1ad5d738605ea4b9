using AgentGate.Client.Certificates;

namespace AgentGate.Client;

/// <content>Safety nodes: list, register, remove.</content>
public sealed partial class AgentGateClient
{
    /// <summary>Lists the safety nodes whose votes count for the own tenant. Needs <c>nodes:read</c>.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<SafetyNodeList> ListSafetyNodesAsync(CancellationToken cancellationToken = default)
        => GetAsync(Path("api/security/safety-nodes"), AgentGateJson.Default.SafetyNodeList, cancellationToken);

    /// <summary>Registers a safety node. Needs <c>nodes:write</c>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public Task<SafetyNodeEntry> RegisterSafetyNodeAsync(SafetyNodeRequest node, CancellationToken cancellationToken = default)
        => SendAsync(
            HttpMethod.Post, Path("api/security/safety-nodes"), node, AgentGateJson.Default.SafetyNodeRequest, AgentGateJson.Default.SafetyNodeEntry, cancellationToken);

    /// <summary>Removes a safety node. Needs <c>nodes:write</c>.</summary>
    /// <param name="nodeId">Its id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentGateApiException">The server refused.</exception>
    public async Task RemoveSafetyNodeAsync(string nodeId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nodeId);
        using var response = await http.DeleteAsync(Path("api/security/safety-nodes/" + Uri.EscapeDataString(nodeId)), cancellationToken).ConfigureAwait(false);
        await RefuseAsync(response, cancellationToken).ConfigureAwait(false);
    }
}
