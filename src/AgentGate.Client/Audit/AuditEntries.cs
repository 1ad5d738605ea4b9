namespace AgentGate.Client.Audit;

/// <summary>One page of the log, newest first.</summary>
public sealed record AuditPage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<AuditEntry> Entries { get; init; }

    /// <summary>Give it as <c>cursor</c> to get the next page; <see langword="null"/> on the last one.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>One log entry. Its members are those of the canonical entry, and its chain value.</summary>
public sealed record AuditEntry
{
    /// <summary>The place in the tenant's log, counted from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>
    /// <c>denied</c>, <c>held</c>, <c>intent</c>, <c>outcome</c>, <c>approval</c>, <c>admin</c>, <c>unauthenticated</c>;
    /// <c>unreadable</c> for an entry that somebody spoiled.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The entry's id, a UUIDv7.</summary>
    public string? Id { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The entry format's version.</summary>
    public int? Version { get; init; }

    /// <summary>The call.</summary>
    public string? CallId { get; init; }

    /// <summary>The call that led to this one.</summary>
    public string? ParentCallId { get; init; }

    /// <summary>The door.</summary>
    public string? Door { get; init; }

    /// <summary>The pseudonymous principal id.</summary>
    public string? Principal { get; init; }

    /// <summary>The action, or the administrative act.</summary>
    public string? Action { get; init; }

    /// <summary>What was acted on.</summary>
    public AuditResource? Resource { get; init; }

    /// <summary>Further permissions the call needed.</summary>
    public IReadOnlyList<AuditPermission>? AlsoRequired { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>hold</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>The <c>AG####</c> code.</summary>
    public string? Code { get; init; }

    /// <summary>What each guard answered, in order.</summary>
    public IReadOnlyList<AuditVerdict>? Verdicts { get; init; }

    /// <summary>The salted digest of the content as judged.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>The keyed binding of the raw content.</summary>
    public string? RawBinding { get; init; }

    /// <summary>The salted digest of the bytes handed to the transport.</summary>
    public string? TransportDigest { get; init; }

    /// <summary>The salted digest of the masked bytes received.</summary>
    public string? ResponseDigest { get; init; }

    /// <summary>Where the effect may go.</summary>
    public IReadOnlyList<AuditTarget>? Targets { get; init; }

    /// <summary>The kinds of content no guard could read.</summary>
    public IReadOnlyList<string>? Unread { get; init; }

    /// <summary><c>completed</c>, <c>failed</c>, <c>blocked</c>, <c>cancelled</c> or <c>unknown</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>What the effect consumed.</summary>
    public AuditUsage? Usage { get; init; }

    /// <summary>What the call reserved or was charged, per budget.</summary>
    public IReadOnlyList<AuditPosting>? Budgets { get; init; }

    /// <summary><c>commit</c> or <c>write</c>.</summary>
    public string? Durability { get; init; }

    /// <summary>How many callers an aggregated entry stands for.</summary>
    public int? Count { get; init; }

    /// <summary>A remark from a fixed vocabulary.</summary>
    public string? Detail { get; init; }

    /// <summary>The id of the chain key.</summary>
    public string? KeyId { get; init; }

    /// <summary>The chain value, lower-case hex.</summary>
    public string? Hash { get; init; }
}

/// <summary>A Cedar entity.</summary>
/// <param name="Type">The entity type.</param>
/// <param name="Id">The entity id.</param>
public sealed record AuditResource(string Type, string Id);

/// <summary>A further permission.</summary>
/// <param name="Action">The action.</param>
/// <param name="Resource">What it acts on.</param>
public sealed record AuditPermission(string Action, AuditResource Resource);

/// <summary>A target of an effect.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Name">The upstream model or the tool.</param>
/// <param name="Region">The region, if any.</param>
public sealed record AuditTarget(string Provider, string Name, string? Region);

/// <summary>What an effect consumed.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
public sealed record AuditUsage(long InputTokens, long OutputTokens)
{
    /// <summary>Tokens of the prompt read from the provider's cache.</summary>
    public long? CachedInputTokens { get; init; }

    /// <summary>Tokens of the prompt written to the provider's cache.</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>Those of them written for an hour.</summary>
    public long? CacheWriteLongTokens { get; init; }

    /// <summary>Tokens of the answer spent on hidden reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Whether the provider sent no usage and the tokens were counted here.</summary>
    public bool? Estimated { get; init; }

    /// <summary>What it cost, in billionths of a US dollar; absent when it was not priced.</summary>
    public long? CostNanoUsd { get; init; }
}

/// <summary>What a call reserved on a budget (in an intent) or was charged (in an outcome).</summary>
/// <param name="Rule">The budget's rule.</param>
/// <param name="Subject">Whose counter.</param>
/// <param name="Window">When the counter's window began (UTC).</param>
/// <param name="NanoUsd">Billionths of a US dollar.</param>
public sealed record AuditPosting(string Rule, string Subject, DateTimeOffset Window, long NanoUsd);

/// <summary>What one guard answered.</summary>
public sealed record AuditVerdict
{
    /// <summary>The guard.</summary>
    public required string Guard { get; init; }

    /// <summary><c>allow</c>, <c>transform</c>, <c>hold</c>, <c>deny</c> or <c>failed</c>.</summary>
    public required string Answer { get; init; }

    /// <summary>The <c>AG####</c> code.</summary>
    public string? Code { get; init; }

    /// <summary>How long the guard took, in microseconds.</summary>
    public long ElapsedUs { get; init; }

    /// <summary>Whether the answer was recorded and not enforced.</summary>
    public bool Shadow { get; init; }

    /// <summary>Whether the guard failed and the call went on by explicit configuration.</summary>
    public bool FailedOpen { get; init; }

    /// <summary>What the guard noticed.</summary>
    public IReadOnlyList<AuditFinding>? Findings { get; init; }
}

/// <summary>Something a guard noticed; never the text itself.</summary>
/// <param name="Rule">What was found.</param>
/// <param name="Address">Where.</param>
/// <param name="Count">How often.</param>
/// <param name="Note">A remark from a fixed vocabulary.</param>
public sealed record AuditFinding(string Rule, string? Address, int Count, string? Note);
