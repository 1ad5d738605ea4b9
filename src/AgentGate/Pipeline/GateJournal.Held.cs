using System.Text;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <content>What is kept of a call that waits for a person.</content>
internal sealed partial class GateJournal
{
    /// <summary>What a person is shown of a call that is held: what would leave, with tokens in place of personal data.</summary>
    public (string? Text, bool Cut) Shown(GateRun run) => run.IsUnmasked ? (null, false) : Text(Masked(run) ?? run.Call.Content);

    /// <summary>The digest of what would leave, were the call approved.</summary>
    private static string HeldDigest(GateRun run) => Permit.Digest(run.Salt, (Masked(run) ?? run.Call.Content).ToUtf8().Span);

    private (string Text, bool Cut) Text(CallContent content)
    {
        var bytes = content.ToUtf8().Span;
        var cut = bytes.Length > options.TraceBytesMax;
        return (Encoding.UTF8.GetString(cut ? bytes[..options.TraceBytesMax] : bytes), cut);
    }
}
