using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Guardrails;

/// <summary>Names one track.</summary>
/// <param name="Tenant">Whose; <see cref="AllTenants"/> where all tenants share it.</param>
/// <param name="Guardrail">The set; the ones that only watch are apart from those of the same name that refuse.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Scope">Whose calls: words and pseudonyms, and digests of what callers chose.</param>
internal readonly record struct TrackKey(string Tenant, string Guardrail, string Rule, string Scope) : IComparable<TrackKey>
{
    /// <summary>No tenant is called so, and none sees what belongs to it.</summary>
    public const string AllTenants = ":all";

    public int CompareTo(TrackKey other)
        => string.CompareOrdinal(Tenant, other.Tenant) is not 0 and var tenant ? tenant
            : string.CompareOrdinal(Guardrail, other.Guardrail) is not 0 and var guardrail ? guardrail
            : string.CompareOrdinal(Rule, other.Rule) is not 0 and var rule ? rule
            : string.CompareOrdinal(Scope, other.Scope);
}

/// <summary>One call that counts.</summary>
/// <param name="Call">The call's id.</param>
/// <param name="Action">The tool or model.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
internal sealed record TrackEvent(
    [property: JsonPropertyName("c")] string Call, [property: JsonPropertyName("a")] string Action, [property: JsonPropertyName("t")] long At);

/// <summary>One move of a state machine that may still be undone.</summary>
/// <param name="Call">The call's id.</param>
/// <param name="From">The state before.</param>
/// <param name="Undone">Whether the call failed while a later move stands on this one.</param>
internal sealed record TrackMove(
    [property: JsonPropertyName("c")] string Call, [property: JsonPropertyName("f")] string From, [property: JsonPropertyName("u")] bool Undone);

/// <summary>What a rule remembers of one scope. Changed under the lock of its store alone.</summary>
internal sealed class GuardrailTrack
{
    /// <summary>The state of a state machine; <see langword="null"/> in its first.</summary>
    [JsonPropertyName("s")]
    public string? State { get; set; }

    /// <summary>When the newest call was counted. A clock that goes back is not followed.</summary>
    [JsonPropertyName("l")]
    public long LastAt { get; set; }

    /// <summary>From when on nothing here matters.</summary>
    [JsonPropertyName("x")]
    public long ExpiresAt { get; set; }

    /// <summary>The calls, oldest first.</summary>
    [JsonPropertyName("e")]
    public List<TrackEvent> Events { get; init; } = [];

    /// <summary>The moves, oldest first.</summary>
    [JsonPropertyName("m")]
    public List<TrackMove> Moves { get; init; } = [];

    /// <summary>Whether there is something to write.</summary>
    [JsonIgnore]
    public bool IsChanged { get; set; }

    /// <summary>Whether it says nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty => State is null && Events.Count == 0 && Moves.Count == 0;

    public static GuardrailTrack Read(string body) => JsonSerializer.Deserialize(body, TrackJson.Default.GuardrailTrack) ?? throw new JsonException("A track is null.");

    public string Write() => JsonSerializer.Serialize(this, TrackJson.Default.GuardrailTrack);
}

/// <summary>How tracks are written.</summary>
[JsonSerializable(typeof(GuardrailTrack))]
internal sealed partial class TrackJson : JsonSerializerContext;
