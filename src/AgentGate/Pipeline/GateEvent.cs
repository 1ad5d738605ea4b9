using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Pipeline;

/// <summary>Something that happened to a call. Holds what its trace may hold, and nothing else: never raw personal data.</summary>
/// <param name="Tenant">The tenant of the call.</param>
/// <param name="Principal">The pseudonymous principal of the call.</param>
/// <param name="CallId">The call.</param>
/// <param name="ParentCallId">The call that led to this one.</param>
/// <param name="At">When it happened (UTC).</param>
/// <param name="Fact">What happened.</param>
internal sealed record GateEvent(string Tenant, string Principal, string CallId, string? ParentCallId, DateTimeOffset At, GateFact Fact);

/// <summary>What happened. A closed set.</summary>
internal abstract record GateFact
{
    private GateFact()
    {
    }

    /// <summary>A call came to the gate.</summary>
    /// <param name="Door">The door.</param>
    /// <param name="Action">The action.</param>
    /// <param name="Resource">What it acts on.</param>
    /// <param name="Skipped">The guards that are skipped in it.</param>
    public sealed record Started(string Door, string Action, EntityRef Resource, ImmutableArray<string> Skipped) : GateFact;

    /// <summary>A guard answered.</summary>
    /// <param name="Verdict">Its answer, as the record keeps it.</param>
    /// <param name="IsResponse">Whether it judged the answer rather than the request.</param>
    public sealed record Judged(VerdictRecord Verdict, bool IsResponse) : GateFact;

    /// <summary>The decision stands and is on record. Nothing of the effect has happened yet.</summary>
    /// <param name="Kind">Allow, deny or hold.</param>
    /// <param name="Denial">Why, unless it is allowed.</param>
    public sealed record Decided(DecisionKind Kind, Denial? Denial) : GateFact;

    /// <summary>What the effect gets, after masking: the text that the trace keeps.</summary>
    /// <param name="Text">The text; <see langword="null"/> where it was not masked and is therefore kept nowhere.</param>
    /// <param name="IsCut">Whether only its beginning is there.</param>
    public sealed record Sent(string? Text, bool IsCut) : GateFact;

    /// <summary>Somebody should look: a honey token was touched.</summary>
    /// <param name="Code">The stable code of what it is.</param>
    /// <param name="Subject">The id of what it is about, never a value.</param>
    /// <param name="Severity">How bad it is, from 1.</param>
    public sealed record Alerted(string Code, string Subject, int Severity) : GateFact;

    /// <summary>The effect ended and its outcome is on record.</summary>
    /// <param name="Outcome">How.</param>
    /// <param name="Denial">Why, where it did not complete.</param>
    /// <param name="Usage">What it consumed.</param>
    /// <param name="Duration">From arrival to here.</param>
    public sealed record Ended(OutcomeKind Outcome, Denial? Denial, Usage? Usage, TimeSpan Duration) : GateFact;
}
