using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// The content of one log entry before it is chained. Never holds a name, an e-mail, a network address, a user agent,
/// or a digest of raw content.
/// </summary>
public sealed record LogEntryBody
{
    /// <summary>The format version of this build.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The format version.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The entry's id, a UUIDv7 (RFC 9562).</summary>
    public required string Id { get; init; }

    /// <summary>What the entry records.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The tenant whose log this is; <c>system</c> for events without a tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The call, for entries about a call.</summary>
    public string? CallId { get; init; }

    /// <summary>The call that led to this one: the model call whose answer holds this tool call.</summary>
    public string? ParentCallId { get; init; }

    /// <summary>The door: <c>openai.chat</c>, <c>openai.responses</c>, <c>anthropic.messages</c>, <c>sdk.chat</c>, …</summary>
    public string? Door { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public string? Principal { get; init; }

    /// <summary>The action, one of <see cref="GateActions"/>, or the administrative act.</summary>
    public string? Action { get; init; }

    /// <summary>The resource.</summary>
    public EntityRef? Resource { get; init; }

    /// <summary>Further permissions the call needed.</summary>
    public ImmutableArray<ResourceRequest> AlsoRequired { get; init; } = [];

    /// <summary>The decision, for entries about a call.</summary>
    public DecisionKind? Decision { get; init; }

    /// <summary>The code of a denial, hold, block or failure.</summary>
    public string? Code { get; init; }

    /// <summary>The verdicts, in order.</summary>
    public ImmutableArray<VerdictRecord> Verdicts { get; init; } = [];

    /// <summary>Lower-case hex SHA-256 over a fresh 256-bit salt and the content as judged after masking.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>Lower-case hex HMAC-SHA-256 of the raw content under the PII session's key; erased with that key.</summary>
    public string? RawBinding { get; init; }

    /// <summary>Lower-case hex SHA-256 over the same salt and the bytes handed to the transport.</summary>
    public string? TransportDigest { get; init; }

    /// <summary>Lower-case hex SHA-256 over the same salt and the masked bytes received.</summary>
    public string? ResponseDigest { get; init; }

    /// <summary>Where the effect may go.</summary>
    public ImmutableArray<EffectTarget> Targets { get; init; } = [];

    /// <summary>The kinds of content no guard could read and configuration allowed.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>How the effect ended.</summary>
    public OutcomeKind? Outcome { get; init; }

    /// <summary>What the effect consumed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What the call reserves (in an intent) or is charged (in an outcome), per budget.</summary>
    public ImmutableArray<BudgetPosting> Budgets { get; init; } = [];

    /// <summary>The durability the entry was written with: <c>commit</c> or <c>write</c>.</summary>
    public string? Durability { get; init; }

    /// <summary>A number: how many callers an aggregated entry stands for.</summary>
    public int? Count { get; init; }

    /// <summary>A remark from a fixed vocabulary, never content.</summary>
    public string? Detail { get; init; }

    /// <summary>The decision this entry records, a UUIDv7. Since version 2.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Lower-case hex SHA-256 of the body of the decision's certificate. Since version 2.</summary>
    public string? CertificateHash { get; init; }

    /// <summary>Canonical JSON of a signed statement: a safety node's vote, a key's rotation. Since version 2.</summary>
    public string? Statement { get; init; }
}
