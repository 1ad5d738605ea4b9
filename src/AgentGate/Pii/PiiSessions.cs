using System.Collections.Immutable;
using AgentGate.Pii.Restoring;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Gives the values of a call their tokens, in the session the call belongs to. Thread-safe.</summary>
internal sealed class PiiSessions(IPiiVault vault, IIdSource ids)
{
    /// <summary>The link of the response that a call continues: this key's own, or none.</summary>
    public ValueTask<PiiResponseLink?> FindConversationAsync(GateCall call, string responseId, CancellationToken cancellationToken)
        => vault.FindLinkAsync(call.Principal.Tenant, PiiSessionKey.OwnerOf(call.Principal), responseId, cancellationToken);

    /// <summary>Gives values their tokens.</summary>
    /// <param name="call">The call.</param>
    /// <param name="conversation">The conversation it continues, if any.</param>
    /// <param name="values">Its values in order of first occurrence.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The tokens and the call's state, or <see langword="null"/> when the conversation is gone.</returns>
    public async ValueTask<(ImmutableArray<string> Tokens, PiiState State)?> OpenAsync(
        GateCall call, PiiResponseLink? conversation, ImmutableArray<PiiValue> values, CancellationToken cancellationToken)
    {
        if (conversation is null && call.Context.SessionName is null)
        {
            return OpenInCall(call.Id, values);
        }

        var session = conversation?.Session ?? PiiSessionKey.Named(call.Principal, call.Context.SessionName!);
        if (await vault.TokenizeAsync(session, values, create: conversation is null, cancellationToken) is not { } allocation)
        {
            return null;
        }

        var live = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            live[allocation.Tokens[i]] = values[i].Text;
        }

        if (conversation is not null)
        {
            await AddEarlierAsync(live, conversation, cancellationToken);
        }

        var state = new PiiState(call.Id, session, new LiveTokens(live), [.. live.Keys], [], allocation.BindingKey);
        return (allocation.Tokens, state);
    }

    private async ValueTask AddEarlierAsync(
        Dictionary<string, string> live, PiiResponseLink conversation, CancellationToken cancellationToken)
    {
        ImmutableArray<string> earlier = [.. conversation.Sent.Where(token => !live.ContainsKey(token))];
        if (earlier.IsEmpty)
        {
            return;
        }

        var texts = await vault.ReadAsync(conversation.Session, earlier, cancellationToken);
        for (var i = 0; i < earlier.Length; i++)
        {
            if (texts[i] is { } text)
            {
                live[earlier[i]] = text;
            }
        }
    }

    private (ImmutableArray<string> Tokens, PiiState State) OpenInCall(string callId, ImmutableArray<PiiValue> values)
    {
        var numbers = new TokenNumbers();
        var tokens = ImmutableArray.CreateRange(values, numbers.TokenOf);
        var live = new Dictionary<string, string>(values.Length, StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            live.Add(tokens[i], values[i].Text);
        }

        var key = new byte[32];
        ids.Fill(key);
        return (tokens, new PiiState(callId, null, new LiveTokens(live), tokens, values, key));
    }
}
