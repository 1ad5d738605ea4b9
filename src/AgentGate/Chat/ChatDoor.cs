using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>What a chat client in process needs of the installed gate.</summary>
internal sealed class ChatDoor(Gate gate, ToolCallDoor tools, IResponseLinks links, IIdSource ids, TimeProvider time, GateMetrics metrics)
{
    /// <summary>Verifies what was issued in this process, where certificates are kept.</summary>
    public IIssuedVerifier? Verifier { get; init; }

    /// <summary>The door's name in records.</summary>
    public const string Name = "sdk.chat";

    public Gate Gate => gate;

    public ToolCallDoor Tools => tools;

    public IResponseLinks Links => links;

    public IIdSource Ids => ids;

    public TimeProvider Time => time;

    /// <summary>Refuses a request that cannot become a call.</summary>
    public AgentGateDeniedException Refuse(string code, string reason)
    {
        metrics.Refusal(Name, code);
        return new AgentGateDeniedException(new Denial(code, reason, DenialKind.Invalid), callId: null);
    }
}
