using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Binds raw content under the key of the call's PII session: whoever destroys the key destroys the binding.</summary>
internal sealed class PiiRawBinding : IRawBinding
{
    public string? Bind(CallScope scope, CallContent raw)
        => scope.Find<PiiState>() is { } state
            ? Convert.ToHexStringLower(HMACSHA256.HashData(state.BindingKey.Span, raw.ToUtf8().Span))
            : null;
}
