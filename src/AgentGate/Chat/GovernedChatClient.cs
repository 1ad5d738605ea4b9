using System.Runtime.CompilerServices;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>A chat client whose every call is a call of the gate. Translates; checks nothing.</summary>
internal sealed class GovernedChatClient(IChatClient inner, ChatDoor door, GovernedChatOptions governed) : DelegatingChatClient(inner)
{
    private readonly ChatCertificates _certificates = new(door);

    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(ChatCertificates) ? _certificates : base.GetService(serviceType, serviceKey);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var turn = Turn([.. messages], options, streaming: false);
        var effect = new ChatEffect(InnerClient, turn);
        var result = await door.Gate.RunAsync(turn.Call, effect, cancellationToken);
        _certificates.Add(result.Certificate);
        switch (result)
        {
            case GateResult.Completed completed:
                return await AnswerAsync(turn, effect.Response!, completed, cancellationToken);
            case GateResult.Denied denied:
                throw SdkOutcome.Of(denied.Denial, turn.Call.Id, effect.Cause, denied.Certificate);
            case GateResult.Failed failed:
                throw SdkOutcome.Of(failed.Denial, turn.Call.Id, effect.Cause, failed.Certificate);
            default:
                throw new InvalidOperationException("A complete answer was asked for.");
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var turn = Turn([.. messages], options, streaming: true);
        var effect = new ChatEffect(InnerClient, turn);
        var result = await door.Gate.RunAsync(turn.Call, effect, cancellationToken);
        _certificates.Add(result.Certificate);
        if (result is not GateResult.Streaming streaming)
        {
            throw SdkOutcome.Of(
                (result as GateResult.Denied)?.Denial ?? ((GateResult.Failed)result).Denial, turn.Call.Id, effect.Cause, result.Certificate);
        }

        await using var stream = streaming.Stream;
        var calls = new ChatToolCalls(door.Tools, turn, streaming.Scope);
        while (await stream.ReadAsync(cancellationToken) is var step and not StreamStep.Done)
        {
            if (step is StreamStep.Ended(var denial))
            {
                _certificates.Add(stream.Certificate);
                throw SdkOutcome.Of(denial, turn.Call.Id, effect.Cause, stream.Certificate);
            }

            var frame = (ChatUpdateFrame)((StreamStep.Frame)step).Value;
            if (frame.IsLast)
            {
                await LinkAsync(turn, streaming.Scope, effect.Stream!.ConversationId, cancellationToken);
            }

            foreach (var update in frame.ToUpdates())
            {
                update.Contents = await calls.RuleAsync(update.Contents, cancellationToken);
                update.FinishReason = calls.Finish(update.FinishReason);
                yield return update;
            }
        }
    }

    private async Task<ChatResponse> AnswerAsync(
        ChatTurn turn, ChatResponse received, GateResult.Completed completed, CancellationToken cancellationToken)
    {
        var response = ChatRebuild.Of((JsonContent)completed.Content).Response(received);
        var calls = new ChatToolCalls(door.Tools, turn, completed.Scope);
        foreach (var message in response.Messages.Where(message => message.Contents.Any(content => content is FunctionCallContent)))
        {
            message.Contents = await calls.RuleAsync(message.Contents, cancellationToken);
        }

        response.FinishReason = calls.Finish(response.FinishReason);
        await LinkAsync(turn, completed.Scope, response.ConversationId, cancellationToken);
        return response;
    }

    private ChatTurn Turn(List<ChatMessage> messages, ChatOptions? options, bool streaming)
    {
#pragma warning disable MEAI001 // the two members are read to refuse them
        if (options is { AllowBackgroundResponses: true } or { ContinuationToken: not null })
#pragma warning restore MEAI001
        {
            throw door.Refuse(Codes.InvalidField, "A background response would come past the gate; ask for the answer itself.");
        }

        var metadata = InnerClient.GetService<ChatClientMetadata>();
        var provider = ChatReading.Word(governed.ProviderName ?? metadata?.ProviderName ?? "unknown");
        var model = options?.ModelId ?? metadata?.DefaultModelId ?? governed.ModelId;
        if (model is not { Length: > 0 })
        {
            throw door.Refuse(Codes.InvalidField, "The call names no model; set ChatOptions.ModelId or GovernedChatOptions.ModelId.");
        }

        if (options?.Tools?.Any(tool => tool is AIFunctionDeclaration { Name.Length: 0 }) is true)
        {
            throw door.Refuse(Codes.InvalidField, "Every tool needs a name that is a non-empty string.");
        }

        var (tree, fault) = ChatDocument.Request(messages, options, model);
        if (tree is null)
        {
            throw door.Refuse(fault!.Code, fault.Message);
        }

        var reading = new ChatReading(tree, provider);
        var content = reading.Request();
        var call = new GateCall
        {
            Id = door.Ids.NewId(),
            Door = ChatDoor.Name,
            Principal = SdkPrincipal.Of(governed.PrincipalId(options), governed.Tenant(options)),
            Action = GateActions.CallModel,
            Resource = EntityRef.Model(model),
            AlsoRequires = [.. reading.AlsoRequires],
            Content = content,
            Targets = [new EffectTarget(provider, model)],
            Context = new CallContext
            {
                At = door.Time.GetUtcNow(),
                SessionName = governed.SessionName(options),
                DelegationRef = governed.Delegation(options),
                PreviousResponseId = options?.ConversationId,
                Streaming = streaming,
                Output = ChatOutput.Of(messages, options),
            },
        };
        return new ChatTurn(call, messages, options);
    }

    /// <summary>A vault that hangs must not hold an answer for ever; the answer is withheld then.</summary>
    private static readonly TimeSpan LinkDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A conversation the provider keeps may be continued by its id: the PII session must be there when it is.</summary>
    private async ValueTask LinkAsync(ChatTurn turn, CallScope scope, string? conversation, CancellationToken cancellationToken)
    {
        if (conversation is { Length: > 0 })
        {
            await door.Links.LinkAsync(turn.Call, scope, conversation, cancellationToken).AsTask()
                .WaitAsync(LinkDeadline, door.Time, cancellationToken);
        }
    }
}
