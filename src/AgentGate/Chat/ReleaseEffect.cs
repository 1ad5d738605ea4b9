using System.Text;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>The effect of a model's tool call at a door: the call, as judged, goes to the party that runs it.</summary>
internal sealed class ReleaseEffect : IEffect
{
    /// <summary>The content as it goes on, once released.</summary>
    public CallContent? Released { get; private set; }

    public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        Released = permit.Use();
        permit.RecordTransport(Released.ToUtf8().Span);
        return ValueTask.FromResult<EffectResult>(new EffectResult.Complete(EmptyContent.Instance));
    }

    /// <summary>The released arguments as the protocol carries them.</summary>
    public string Input(ProposedToolCall call)
    {
        var utf8 = Released!.ToUtf8();
        if (call.Input.Length == 0)
        {
            return call.Input;
        }

        return call.IsJson ? Encoding.UTF8.GetString(utf8.Span) : System.Text.Json.JsonSerializer.Deserialize(utf8.Span, ChatJson.Default.String)!;
    }
}
