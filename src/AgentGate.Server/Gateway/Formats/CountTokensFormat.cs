using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>Anthropic's token counting: a message request without an answer.</summary>
internal sealed class CountTokensFormat : ModelFormat
{
    public override WireFormat Wire => WireFormat.AnthropicCountTokens;

    public override string Action => GateActions.CountTokens;

    public override void ReadRequest(RequestReading request)
    {
        MessagesFormat.ReadBody(request);
        request.Stream = false;
    }

    public override Usage? ReadUsage(JsonTree answer) => new(Count(answer, 0, "input_tokens"), 0);
}
