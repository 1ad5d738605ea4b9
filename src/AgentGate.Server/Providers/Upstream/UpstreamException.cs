using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>An answer that had begun cannot go on: it broke off, fell silent or grew too large.</summary>
internal sealed class UpstreamException(Denial denial, Exception? inner = null) : IOException($"{denial.Code}: {denial.Reason}", inner)
{
    /// <summary>The failure in the words the caller gets.</summary>
    public Denial Denial { get; } = denial;
}
