using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Client.Plans;

/// <summary>A plan to be verified before its first step.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PlanRequest
{
    /// <summary>Who would act. The key says so; anybody else is refused, and a delegation is named by the steps.</summary>
    public string? Principal { get; init; }

    /// <summary>Whose tenant. The key says so; another one is refused.</summary>
    public string? TenantId { get; init; }

    /// <summary><c>low</c> (5 steps), <c>medium</c> (10), <c>high</c> (20) or <c>critical</c> (30). The default is <c>high</c>.</summary>
    public string? RiskTier { get; init; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<PlanStepRequest>? Steps { get; init; }
}

/// <summary>One step of a plan.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PlanStepRequest
{
    /// <summary>One of the gate's actions, for example <c>callTool</c> or <c>delete</c>.</summary>
    public string? Action { get; init; }

    /// <summary>What it is done to: an object <c>type</c>, <c>id</c>, or text such as <c>Tool:crm/find</c>, <c>/prod/db</c>.</summary>
    public JsonElement? Resource { get; init; }

    /// <summary>What belongs to the request: <c>arguments</c> of a tool's call, the <c>tool</c> for an action on a target. Nothing else: what the server's records say is not the caller's to claim.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>The grant the step is taken under.</summary>
    public string? DelegationRef { get; init; }

    /// <summary>What the step changes for the ones after it.</summary>
    public PlanEffectsRequest? Effects { get; init; }
}

/// <summary>What a step declares to have changed when it is done.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PlanEffectsRequest
{
    /// <summary>Facts that hold from then on.</summary>
    public IReadOnlyList<string>? AddFacts { get; init; }

    /// <summary>Facts that hold no longer.</summary>
    public IReadOnlyList<string>? RemoveFacts { get; init; }

    /// <summary>Grants that are revoked from then on.</summary>
    public IReadOnlyList<string>? Revokes { get; init; }

    /// <summary>Obligations that are assumed to be fulfilled from then on.</summary>
    public IReadOnlyList<string>? Attests { get; init; }
}

/// <summary>What verifying a plan gave.</summary>
public sealed record PlanResponse
{
    /// <summary>What the plan's log entries call it.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Whether every step is admissible in the state the steps before leave.</summary>
    public required bool Safe { get; init; }

    /// <summary>The tier.</summary>
    public required string RiskTier { get; init; }

    /// <summary>How many steps the plan has.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>How many were evaluated: after the first one that is blocked none is.</summary>
    public required int EvaluatedSteps { get; init; }

    /// <summary>How many steps the tier allows. A plan over it is refused, not shortened.</summary>
    public required int Bound { get; init; }

    /// <summary>The first step that is blocked; -1 where none is.</summary>
    public required int BlockedStepIndex { get; init; }

    /// <summary>Why it is blocked.</summary>
    public string? BlockedReason { get; init; }

    /// <summary>The predicates that fail there.</summary>
    public required IReadOnlyList<string> FailedPredicates { get; init; }

    /// <summary>The blocked step with its certificate.</summary>
    public PlanCounterexample? Counterexample { get; init; }

    /// <summary>The evaluated steps.</summary>
    public required IReadOnlyList<PlanTraceEntry> Trace { get; init; }

    /// <summary>The obligations that the answer assumes to be fulfilled.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }
}

/// <summary>A step that is blocked.</summary>
/// <param name="Step">Its place, from 0.</param>
/// <param name="DecisionCertificate">Its certificate.</param>
public sealed record PlanCounterexample(int Step, JsonElement DecisionCertificate);

/// <summary>An evaluated step.</summary>
public sealed record PlanTraceEntry
{
    /// <summary>Its place, from 0.</summary>
    public required int StepIndex { get; init; }

    /// <summary>The action.</summary>
    public string? Action { get; init; }

    /// <summary>What it is done to, as it was read.</summary>
    public string? Resource { get; init; }

    /// <summary>The decision its certificate records.</summary>
    public required string DecisionId { get; init; }

    /// <summary><c>ADMISSIBLE</c>, <c>INADMISSIBLE</c> or <c>NOT_EVALUATED</c>.</summary>
    public required string Result { get; init; }

    /// <summary><c>CONSTRUCTIVE_TRACE</c>, <c>COUNTEREXAMPLE</c>, <c>UNSAT_CORE</c> or <c>NONE</c>.</summary>
    public required string ProofType { get; init; }

    /// <summary>The predicates that fail.</summary>
    public required IReadOnlyList<string> FailedPredicates { get; init; }
}
