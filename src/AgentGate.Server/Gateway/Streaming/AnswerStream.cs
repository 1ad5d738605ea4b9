using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Providers.Upstream;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>A provider's stream as the gate reads it.</summary>
internal sealed class AnswerStream(UpstreamEventStream events, StreamDecoder decoder) : IEffectStream
{
    public Usage? Usage => decoder.Usage;

    public void Observe(Action<ReadOnlyMemory<byte>> observe) => events.Observe(observe);

    public async ValueTask<StreamFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (decoder.TryTake(out var frame))
            {
                return frame;
            }

            if (await events.ReadAsync(cancellationToken) is not { } received)
            {
                return null;
            }

            // An event without data (a name alone) carries nothing for anyone.
            if (!received.Data.IsEmpty)
            {
                decoder.Read(received);
            }
        }
    }

    public ValueTask DisposeAsync() => events.DisposeAsync();
}
