namespace AgentGate.Client.Deception;

/// <summary>A honey token, without its value.</summary>
public sealed record HoneyTokenEntry
{
    /// <summary>Its id.</summary>
    public required string TokenId { get; init; }

    /// <summary>What it pretends to be.</summary>
    public required string TokenType { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>What its operators know about it.</summary>
    public required string Description { get; init; }

    /// <summary>Which resources and targets it covers.</summary>
    public string? ResourcePattern { get; init; }

    /// <summary>Whether it has a value that must not appear in any call.</summary>
    public required bool HasValue { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The pseudonymous id of who set it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>The honey tokens of a tenant.</summary>
/// <param name="Tokens">The tokens, by id.</param>
public sealed record HoneyTokenList(IReadOnlyList<HoneyTokenEntry> Tokens);

/// <summary>That a honey token was touched.</summary>
public sealed record HoneyTriggerEntry
{
    /// <summary>Its id.</summary>
    public required string TriggerId { get; init; }

    /// <summary>The token.</summary>
    public required string TokenId { get; init; }

    /// <summary>What the token pretended to be.</summary>
    public required string TokenType { get; init; }

    /// <summary>The pseudonymous id of who touched it.</summary>
    public required string Principal { get; init; }

    /// <summary>The call, which was denied.</summary>
    public required string CallId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset TriggeredAt { get; init; }

    /// <summary>1 to 3.</summary>
    public required int Severity { get; init; }

    /// <summary><c>flagged</c>, <c>grants_suspended</c> or <c>denied</c>: what it cost the principal.</summary>
    public required string Standing { get; init; }

    /// <summary>When an operator cleared the principal, if one did.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Who did.</summary>
    public string? ClearedBy { get; init; }
}

/// <summary>Who touched honey tokens, newest first.</summary>
/// <param name="Triggers">The triggers.</param>
public sealed record HoneyTriggerList(IReadOnlyList<HoneyTriggerEntry> Triggers);

/// <summary>A principal that was cleared.</summary>
/// <param name="Principal">The principal.</param>
/// <param name="Cleared">Of how many triggers.</param>
public sealed record HoneyClearResult(string Principal, int Cleared);
