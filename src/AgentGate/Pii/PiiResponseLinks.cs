using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Stores the session of a conversation and links its responses.</summary>
internal sealed class PiiResponseLinks(IPiiVault vault) : IResponseLinks
{
    public async ValueTask LinkAsync(GateCall call, CallScope scope, string responseId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(responseId);
        var state = scope.Find<PiiState>() is { } found && found.CallId == call.Id ? found : null;
        var session = state?.Session ?? await StoreAsync(call, state, cancellationToken);
        if (!await vault.LinkAsync(new PiiResponseLink(session, responseId, state?.Sent ?? []), cancellationToken))
        {
            throw new PiiVaultException(Codes.PiiUnknownConversation, "the session of a call expired before its response could be linked");
        }
    }

    private async ValueTask<PiiSessionKey> StoreAsync(GateCall call, PiiState? state, CancellationToken cancellationToken)
    {
        var session = PiiSessionKey.OfCall(call.Principal, call.Id);
        var allocation = await vault.TokenizeAsync(session, state?.Values ?? [], create: true, cancellationToken);

        // INVARIANT: a fresh session numbers as the call did, by first occurrence; anything else would restore wrong values later.
        return state is null || allocation!.Tokens.AsSpan().SequenceEqual(state.Sent.AsSpan())
            ? session
            : throw new PiiVaultException(Codes.PiiVaultIntegrity, "a stored session does not number as its call did");
    }
}
