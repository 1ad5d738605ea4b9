using System.Collections.Immutable;
using System.Net;

namespace AgentGate.Kernel.Decisions;

/// <summary>The attested context of a call: facts from the server's own records, never from the caller's body.</summary>
public sealed record CallContext
{
    /// <summary>When the call arrived (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The network address the call came from, as the server's own connection says; <see langword="null"/> in process. Never on record.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>The name of the PII session inside the principal's own scope, or <see langword="null"/> for one session per call.</summary>
    public string? SessionName { get; init; }

    /// <summary>The provider's id of the previous response the call continues, when the protocol has one.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>The PII types a tool call would get values of, if restoring is permitted. Cedar's <c>context.restores</c>.</summary>
    public ImmutableArray<string> Restores { get; init; } = [];

    /// <summary>What the operator's own records say about the call, in the operator's words. Cedar's <c>context.facts</c>.</summary>
    public ImmutableArray<string> Facts { get; init; } = [];

    /// <summary>What the door attests about a model's tool call; <see langword="null"/> for other calls.</summary>
    public ToolFacts? Tool { get; init; }

    /// <summary>
    /// The guards that do not judge this call, by the server's own record of who calls. The gate denies a call that names one
    /// where it must not be skipped, and the decision says which ones were.
    /// </summary>
    /// <value>The default is empty: every guard judges.</value>
    public ImmutableArray<string> SkippedGuards { get; init; } = [];

    /// <summary>The id of the grant the caller acts under, or <see langword="null"/> where it acts for itself. What it gives is judged, not believed.</summary>
    public string? DelegationRef { get; init; }

    /// <summary>Whether the answer is asked for as a stream.</summary>
    public bool Streaming { get; init; }

    /// <summary>What a model call may produce; <see langword="null"/> for other calls.</summary>
    public OutputDemand? Output { get; init; }
}
