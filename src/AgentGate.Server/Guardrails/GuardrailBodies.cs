using System.ComponentModel;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Guardrails;

/// <summary>The guardrails that concern a tenant.</summary>
internal sealed record GuardrailList([property: JsonPropertyName("guardrails")] IReadOnlyList<GuardrailEntry> Guardrails);

/// <summary>A guardrail, and what it remembers of the tenant.</summary>
internal sealed record GuardrailEntry
{
    [JsonPropertyName("policy_id")]
    public required string PolicyId { get; init; }

    [JsonPropertyName("version")]
    public required string Version { get; init; }

    [JsonPropertyName("description")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [Description("enforce or shadow.")]
    [JsonPropertyName("mode")]
    public required string Mode { get; init; }

    [Description("deny or allow.")]
    [JsonPropertyName("on_store_loss")]
    public required string OnStoreLoss { get; init; }

    [Description("list or states.")]
    [JsonPropertyName("form")]
    public required string Form { get; init; }

    [JsonPropertyName("rules")]
    public required IReadOnlyList<GuardrailRuleEntry> Rules { get; init; }

    [Description("The first 200 by rule and scope. What all tenants share is not shown.")]
    [JsonPropertyName("tracks")]
    public required IReadOnlyList<GuardrailTrackEntry> Tracks { get; init; }
}

/// <summary>One rule.</summary>
internal sealed record GuardrailRuleEntry
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [Description("agent, session, user, tenant or global.")]
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }

    [JsonPropertyName("tool")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tool { get; init; }

    [JsonPropertyName("model")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    [JsonPropertyName("max_calls")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxCalls { get; init; }

    [JsonPropertyName("window_seconds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WindowSeconds { get; init; }

    [JsonPropertyName("cooldown_seconds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CooldownSeconds { get; init; }

    [JsonPropertyName("exclude_hours")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ExcludeHours { get; init; }

    [JsonPropertyName("time_zone")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    [Description("The states of a state machine.")]
    [JsonPropertyName("states")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? States { get; init; }
}

/// <summary>What a rule remembers of one scope.</summary>
internal sealed record GuardrailTrackEntry
{
    [JsonPropertyName("rule")]
    public required string Rule { get; init; }

    [Description("Whose calls. The names of sessions are digests.")]
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }

    [Description("The state of a state machine.")]
    [JsonPropertyName("state")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    [Description("How many calls it remembers.")]
    [JsonPropertyName("calls")]
    public required int Calls { get; init; }

    [JsonPropertyName("last_at")]
    public required DateTimeOffset LastAt { get; init; }

    [Description("From when on none of it matters.")]
    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Asks a guardrail to forget.</summary>
internal sealed record GuardrailResetRequest
{
    [Description("One rule; all where it is left out.")]
    [JsonPropertyName("rule")]
    public string? Rule { get; init; }

    [Description("One scope as the list names it; all of the tenant where it is left out.")]
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }
}

/// <summary>What a guardrail forgot.</summary>
internal sealed record GuardrailResetResult(
    [property: JsonPropertyName("policy_id")] string PolicyId, [property: JsonPropertyName("forgotten")] int Forgotten);
