using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>One thing an agent wants to do: a model call, a tool call. Immutable; the gate hands guards changed copies.</summary>
public sealed record GateCall
{
    /// <summary>The call's id, a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>The door it came through, for example <c>openai.chat</c>.</summary>
    public required string Door { get; init; }

    /// <summary>Who asks.</summary>
    public required Principal Principal { get; init; }

    /// <summary>What is asked: one of <see cref="GateActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it acts on.</summary>
    public required EntityRef Resource { get; init; }

    /// <summary>Further permissions the same call needs; all must permit.</summary>
    public ImmutableArray<ResourceRequest> AlsoRequires { get; init; } = [];

    /// <summary>The attested context.</summary>
    public required CallContext Context { get; init; }

    /// <summary>The content. A transform replaces it for the guards that follow.</summary>
    public required CallContent Content { get; init; }

    /// <summary>Where a tool's arguments lie in <see cref="Content"/>: a JSON pointer, empty for the whole document.</summary>
    internal string ArgumentsAt { get; init; } = "";

    /// <summary>Where the effect may go; the permit covers these and nothing else.</summary>
    public required ImmutableArray<EffectTarget> Targets { get; init; }

    /// <summary>The scope of the call that led to this one, for a model's tool call.</summary>
    public CallScope? ParentScope { get; init; }

    /// <summary>The id of the call that led to this one.</summary>
    public string? ParentId { get; init; }

    /// <summary>The approval by which a call that was held goes on. What it is worth is looked up, not believed.</summary>
    internal string? ApprovalId { get; init; }

    /// <summary>How long the call waits where it is held; <see langword="null"/> for what is configured.</summary>
    internal TimeSpan? HoldWait { get; init; }

    /// <summary>The address of a segment inside a tool's arguments, as declarations name them.</summary>
    internal string ArgumentAddress(int segment)
    {
        var address = Content.AddressOf(segment);
        return ArgumentsAt.Length > 0 && address.StartsWith(ArgumentsAt, StringComparison.Ordinal) ? address[ArgumentsAt.Length..] : address;
    }
}
