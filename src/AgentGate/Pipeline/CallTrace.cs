using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Pipeline;

/// <summary>The story of one call as people read it: what was asked, what each guard said, what left. Never holds raw personal data.</summary>
public sealed record CallTrace
{
    /// <summary>The call's id.</summary>
    public required string CallId { get; init; }

    /// <summary>The call that led to this one.</summary>
    public string? ParentCallId { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The door.</summary>
    public required string Door { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public required string Principal { get; init; }

    /// <summary>The action.</summary>
    public required string Action { get; init; }

    /// <summary>The resource.</summary>
    public required EntityRef Resource { get; init; }

    /// <summary>When the call arrived (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From arrival to the last entry.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The decision.</summary>
    public required DecisionKind Decision { get; init; }

    /// <summary>The code of a denial, hold, block or failure.</summary>
    public string? Code { get; init; }

    /// <summary>The reason that belongs to <see cref="Code"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Request and response verdicts, in the order they were given.</summary>
    public ImmutableArray<VerdictRecord> Verdicts { get; init; } = [];

    /// <summary>What left after masking, as text; <see langword="null"/> when nothing left. Cut at 64 KiB.</summary>
    public string? Sent { get; init; }

    /// <summary>Whether <see cref="Sent"/> was cut.</summary>
    public bool SentCut { get; init; }

    /// <summary>The salt (lower-case hex) of the entry's digests, kept here so that it can be erased.</summary>
    public string? Salt { get; init; }

    /// <summary>How the effect ended, when there was one.</summary>
    public OutcomeKind? Outcome { get; init; }

    /// <summary>What the effect consumed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Where it went.</summary>
    public ImmutableArray<EffectTarget> Targets { get; init; } = [];

    /// <summary>The kinds of content no guard could read and configuration allowed.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];
}
