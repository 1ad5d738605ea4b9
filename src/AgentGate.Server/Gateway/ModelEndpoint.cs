using System.Collections.Frozen;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Access;
using AgentGate.Server.Providers.Upstream;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Gateway;

/// <summary>One model route: translates the request into a call, hands it to the gate, and translates what became of it back.</summary>
internal sealed partial class ModelEndpoint(
    Gate gate,
    ToolCallDoor tools,
    ModelRouter router,
    UpstreamTransport transport,
    IResponseLinks links,
    INameScreen screen,
    IOptions<GatewayOptions> options,
    IOptions<GateOptions> gateOptions,
    BytesInFlight inFlight,
    GateMetrics metrics,
    IIdSource ids,
    TimeProvider time,
    ILogger<ModelEndpoint> logger)
{
    /// <summary>The header that names the PII session within the key's own scope.</summary>
    public const string SessionHeader = "x-agentgate-session";

    /// <summary>The header that names the grant the caller acts under.</summary>
    public const string DelegationHeader = "x-agentgate-delegation";

    private readonly JsonLimits _limits = JsonLimits.Default with { DepthMax = options.Value.DepthMax };

    public async Task HandleAsync(HttpContext context, ModelFormat format)
    {
        if (DoorChecks.Refusal(context.Request) is { } refusal)
        {
            await RefuseAsync(context, format, refusal);
            return;
        }

        var (body, denial) = await RequestBody.ReadAsync(context, options.Value, inFlight);
        if (body is null)
        {
            await RefuseAsync(context, format, denial!);
            return;
        }

        using (body)
        {
            var (request, content, fault) = Read(body.Bytes, format);
            if (request is null)
            {
                await RefuseAsync(context, format, new Denial(
                    fault!.Code, fault.Message, DenialKind.Invalid));
                return;
            }

            switch (router.Resolve(request.Model, format.Wire))
            {
                case RouteResult.Denied(var noRoute):
                    await RefuseAsync(context, format, noRoute);
                    break;
                case RouteResult.Found(var route):
                    await RunAsync(context, format, request, content!, route);
                    break;
            }
        }
    }

    private (RequestReading? Request, JsonContent? Content, JsonFault? Fault) Read(ReadOnlyMemory<byte> utf8, ModelFormat format)
    {
        var tree = JsonTreeParser.Parse(utf8, _limits, out var fault);
        if (tree is null)
        {
            return (null, null, fault);
        }

        if (!tree.IsObject(0))
        {
            return (null, null, new JsonFault(Codes.InvalidField, "The body must be a JSON object."));
        }

        var request = new RequestReading(tree);
        var prompt = tree.Find(0, "prompt");
        if (tree.IsArray(prompt))
        {
            return (null, null, new JsonFault(Codes.TokenIds, "The field \"prompt\" is given as token ids, which no guard can read; send text."));
        }

        format.ReadRequest(request);
        CheckNames(request);
        if (request.Document.Fault is { } refused)
        {
            return (null, null, refused);
        }

        var content = JsonContentReader.Read(request.Document, _limits);
        return request.Document.Fault is { } tooMuch ? (null, null, tooMuch) : (request, content, null);
    }

    /// <summary>The names of models and tools go on record as they are, so they must not hold what may not stand there.</summary>
    private void CheckNames(RequestReading request)
    {
        var names = request.Document.Tools.Select(tool => tool.Name).Concat(request.AlsoRequires.Select(also => also.Resource.Id)).Prepend(request.Model);
        foreach (var name in names)
        {
            if (!screen.MayGoOnRecord(name))
            {
                request.Document.Refuse(Codes.NameHoldsValues, "The name of a model or tool holds what reads as personal data; names go on record, so choose another.");
                return;
            }
        }
    }

    private async Task RunAsync(HttpContext context, ModelFormat format, RequestReading request, JsonContent content, ModelRoute route)
    {
        var declared = request.Document.Tools.Select(tool => tool.Name).Concat(request.CallerRun).ToFrozenSet(StringComparer.Ordinal);
        var call = Call(context, format, request, content, route);
        var headers = new UpstreamHeaders
        {
            Stream = request.Stream,
            AnthropicVersion = context.Request.Headers["anthropic-version"],
            AnthropicBeta = context.Request.Headers["anthropic-beta"],
        };
        var effect = new ModelEffect(transport, format, route, headers, declared, _limits, hidesUsage: request.Output?.UsageFlag is not null);
        var result = await gate.RunAsync(call, effect, context.RequestAborted);
        RateLimitHeaders.Set(context.Response, result.Scope);
        AnswerWriter.Name(context, result.Certificate);
        switch (result)
        {
            case GateResult.Denied denied:
                await AnswerWriter.DenyAsync(context, format.Errors, denied.Denial, call.Id);
                break;
            case GateResult.Failed { Content: { } refused }:
                await AnswerWriter.AnswerAsync(context, effect.Status, effect.Headers, call.Id, refused.ToUtf8());
                break;
            case GateResult.Failed failed:
                await AnswerWriter.DenyAsync(
                    context, format.Errors, failed.Denial, call.Id, failed.Denial.Code == Codes.UpstreamRefused ? effect.Status : null);
                break;
            case GateResult.Completed completed:
                var answer = await RuleAsync(context, format, call, completed, declared);
                var id = format.ResponseId(((JsonContent)completed.Content).Tree);
                if (await LinkAsync(request, call, completed.Scope, id, context.RequestAborted) is { } notLinked)
                {
                    await AnswerWriter.DenyAsync(context, format.Errors, notLinked, call.Id);
                    break;
                }

                await AnswerWriter.AnswerAsync(context, effect.Status, effect.Headers, call.Id, answer);
                break;
            case GateResult.Streaming streaming:
                await StreamAsync(context, format, request, call, effect, streaming);
                break;
        }
    }

    private GateCall Call(HttpContext context, ModelFormat format, RequestReading request, JsonContent read, ModelRoute route)
    {
        CallContent content = read;
        if (route.UpstreamModel != request.Model)
        {
            var model = read.SegmentOf(request.ModelNode);
            content = read.Apply([new ContentChange.ReplaceText(model, route.UpstreamModel)]);
        }

        return new GateCall
        {
            Id = ids.NewId(),
            Door = format.Wire.Name(),
            Principal = context.GetPrincipal(),
            Action = format.Action,
            Resource = EntityRef.Model(request.Model),
            AlsoRequires = [.. request.AlsoRequires],
            Content = content,
            Targets = [route.Target],
            Context = new CallContext
            {
                At = time.GetUtcNow(),
                SourceAddress = context.Connection.RemoteIpAddress,
                SessionName = context.Request.Headers[SessionHeader] is { Count: 1 } name && name[0] is { Length: > 0 } text ? text : null,
                DelegationRef = DoorChecks.Delegation(context.Request),
                PreviousResponseId = request.PreviousResponseId,
                Streaming = request.Stream,
                Output = request.Output,
                SkippedGuards = context.Features.Get<SkippedGuardsFeature>()?.Names ?? [],
            },
        };
    }

    /// <summary>Decides the tool calls of a complete answer and writes the rulings into it.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> RuleAsync(
        HttpContext context, ModelFormat format, GateCall call, GateResult.Completed completed, IReadOnlySet<string> declared)
    {
        var utf8 = completed.Content.ToUtf8();
        if (format.ToolCalls(((JsonContent)completed.Content).Tree, declared).Count == 0)
        {
            return utf8;
        }

        var tree = JsonTreeParser.Parse(utf8, _limits, out _)!;
        var rulings = new List<(AnswerToolCall, ToolCallRuling)>();
        foreach (var proposed in format.ToolCalls(tree, declared))
        {
            rulings.Add((proposed, await tools.DecideAsync(proposed.Proposed, call, completed.Scope, context.RequestAborted)));
        }

        var edits = new JsonEdits(tree);
        format.Rule(tree, edits, rulings);
        return edits.Render();
    }

    private async Task StreamAsync(
        HttpContext context, ModelFormat format, RequestReading request, GateCall call, ModelEffect effect, GateResult.Streaming streaming)
    {
        await using var stream = streaming.Stream;

        // The first step decides between an ordinary error and a stream, so that a denial is one the SDKs understand.
        var first = await stream.ReadAsync(context.RequestAborted);
        if (first is StreamStep.Ended(var denial))
        {
            await AnswerWriter.DenyAsync(context, format.Errors, denial, call.Id);
            return;
        }

        AnswerWriter.Begin(context, effect.Status, effect.Headers, call.Id, "text/event-stream; charset=utf-8");
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["x-accel-buffering"] = "no";
        var answer = new StreamingAnswer(context, effect.Decoder!, tools, call, streaming.Scope);
        await answer.WriteAsync(stream, first, id => LinkAsync(request, call, streaming.Scope, id, context.RequestAborted));
    }

    /// <summary>A kept answer may be continued by its id: the PII session must be there when it is. Says why it is not.</summary>
    private async ValueTask<Denial?> LinkAsync(RequestReading request, GateCall call, CallScope scope, string? responseId, CancellationToken cancellationToken)
    {
        if (!request.Stored || responseId is null)
        {
            return null;
        }

        try
        {
            await links.LinkAsync(call, scope, responseId, cancellationToken).AsTask()
                .WaitAsync(gateOptions.Value.RecordDeadline, time, cancellationToken);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            Log.NotLinked(logger, Codes.AnswerNotLinked, call.Id, failure.GetType().FullName, failure.StackTrace);
            return new Denial(Codes.AnswerNotLinked, "The answer could not be tied to its session; it is withheld.", DenialKind.Unavailable);
        }
    }

    private async Task RefuseAsync(HttpContext context, ModelFormat format, Denial denial)
    {
        metrics.Refusal(format.Wire.Name(), denial.Code);
        await AnswerWriter.DenyAsync(context, format.Errors, denial, callId: null);
    }

    private static partial class Log
    {
        // Without the exception's message, which may quote content.
        [LoggerMessage(Level = LogLevel.Error, Message = "{Code}: the answer of call {CallId} could not be tied to its session: {Failure} {Trace}")]
        public static partial void NotLinked(ILogger logger, string code, string callId, string? failure, string? trace);
    }
}
