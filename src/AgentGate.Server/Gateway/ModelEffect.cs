using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Gateway.Streaming;
using AgentGate.Server.Providers.Upstream;

namespace AgentGate.Server.Gateway;

/// <summary>The effect of a model call: what the permit holds goes to the provider the permit names.</summary>
internal sealed class ModelEffect(
    UpstreamTransport transport, ModelFormat format, ModelRoute route, UpstreamHeaders headers, IReadOnlySet<string> declared, JsonLimits limits, bool hidesUsage) : IEffect
{
    /// <summary>The provider's status, once it answered.</summary>
    public int Status { get; private set; } = StatusCodes.Status200OK;

    /// <summary>Those of the provider's headers that may go to the caller.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private set; } = [];

    /// <summary>The decoder of a streamed answer.</summary>
    public StreamDecoder? Decoder { get; private set; }

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        switch (await transport.SendAsync(route, permit, headers, cancellationToken))
        {
            case UpstreamResponse.Failed failed:
                return new EffectResult.Failed(failed.Denial) { NothingConsumed = failed.NothingSent };
            case UpstreamResponse.Events(_, _, var unexpected) when !format.Streams:
                await unexpected.DisposeAsync();
                return new EffectResult.Failed(new Denial(
                    Codes.UpstreamInvalid, "The provider's answer is a stream where the protocol has none; nothing of it was kept.", DenialKind.Upstream));
            case UpstreamResponse.Events(var status, var answered, var events):
                (Status, Headers) = (status, answered);
                Decoder = format.OpenStream(declared, hidesUsage);
                return new EffectResult.Streamed(new AnswerStream(events, Decoder));
            case UpstreamResponse.Whole whole:
                (Status, Headers) = (whole.Status, whole.Headers);
                return Whole(whole);
            default:
                throw new InvalidOperationException("The set of upstream responses is closed.");
        }
    }

    private EffectResult Whole(UpstreamResponse.Whole whole)
    {
        var tree = JsonTreeParser.Parse(whole.Body, limits, out var fault);
        if (whole.Status >= StatusCodes.Status400BadRequest)
        {
            var denial = new Denial(Codes.UpstreamRefused, $"The provider answered with status {whole.Status}.", DenialKind.Upstream);
            return new EffectResult.Failed(denial) 
            {
                Content = tree is not null && IsOnlyError(tree) ? Read(tree) : null,
                NothingConsumed = true,
            };
        }

        if (tree is null)
        {
            return new EffectResult.Failed(new Denial(
                Codes.UpstreamInvalid, $"The provider's answer is not strict JSON ({fault!.Code}); nothing of it was kept.", DenialKind.Upstream));
        }

        return Read(tree) is { } content
            ? new EffectResult.Complete(content) { Usage = format.ReadUsage(tree) }
            : new EffectResult.Failed(new Denial(
                Codes.UpstreamInvalid, "The provider's answer is not what its protocol says; nothing of it was kept.", DenialKind.Upstream));
    }

    /// <summary>An error document goes past the rulings on tool calls, so it may hold none, nor anything that is no error.</summary>
    private bool IsOnlyError(JsonTree tree) => tree.Count > 0 && ModelFormat.IsError(tree) && format.ToolCalls(tree, declared).Count == 0;

    private JsonContent? Read(JsonTree tree)
    {
        var reading = new DocumentReading(tree);
        format.ReadAnswer(reading);
        var content = JsonContentReader.ReadAnswer(reading, limits);
        return reading.Fault is null ? content : null;
    }
}
