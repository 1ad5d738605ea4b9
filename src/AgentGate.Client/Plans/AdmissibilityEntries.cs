using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Client.Plans;

/// <summary>A question: would this be admissible now?</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AdmissibilityRequest
{
    /// <summary>Who would act. The key says so; anybody else is refused.</summary>
    public string? Principal { get; init; }

    /// <summary>Whose tenant. The key says so; another one is refused.</summary>
    public string? TenantId { get; init; }

    /// <summary>One of the gate's actions.</summary>
    public string? Action { get; init; }

    /// <summary>What it is done to: an object <c>type</c>, <c>id</c>, or text such as <c>Tool:crm/find</c>, <c>/prod/db</c>.</summary>
    public JsonElement? Resource { get; init; }

    /// <summary>What belongs to the request: <c>arguments</c>, <c>tool</c>. Claims are refused.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>The same under its name in AgentGate 1.0.</summary>
    public JsonElement? RuntimeContext { get; init; }

    /// <summary>The grant it would be done under.</summary>
    public string? DelegationRef { get; init; }
}

/// <summary>It would be admissible.</summary>
public sealed record AdmissibilityResponse
{
    /// <summary>Always <see langword="true"/>: what is not admissible is a problem document with the certificate.</summary>
    public required bool Success { get; init; }

    /// <summary>The decision the certificate records.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The certificate; mode <c>counterfactual</c>.</summary>
    public required JsonElement Certificate { get; init; }
}

/// <summary>What decisions rest on now.</summary>
public sealed record AdmissibilityStatus
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The hash of the theorem.</summary>
    public required string TheoremHash { get; init; }

    /// <summary>What evaluates it.</summary>
    public required string SolverVersion { get; init; }

    /// <summary>The hash of Γ: it changes with anything below.</summary>
    public required string GammaHash { get; init; }

    /// <summary>The hash of the policies in force; <c>agentgate policy hash</c> computes it.</summary>
    public required string PolicySetHash { get; init; }

    /// <summary>The hash of the settings.</summary>
    public required string SettingsHash { get; init; }

    /// <summary>The root of the tenant's grants.</summary>
    public required string GrantsRoot { get; init; }

    /// <summary>How many grants there are.</summary>
    public required long GrantsSize { get; init; }

    /// <summary>The root of its revocations.</summary>
    public required string RevocationsRoot { get; init; }

    /// <summary>How many revocations there are.</summary>
    public required long RevocationsSize { get; init; }

    /// <summary>How long a certificate's window is, in seconds.</summary>
    public required long ValiditySeconds { get; init; }

    /// <summary>How long an attestation counts, in seconds.</summary>
    public required long AttestationSeconds { get; init; }

    /// <summary>What settings demand, by action.</summary>
    public required IReadOnlyList<ObligationEntry> Obligations { get; init; }

    /// <summary>How many yes votes of safety nodes <c>quorum_required</c> takes; 0 where none are asked for.</summary>
    public required int QuorumVotes { get; init; }

    /// <summary>The ids of the safety nodes.</summary>
    public required IReadOnlyList<string> QuorumNodes { get; init; }
}

/// <summary>An obligation that settings demand.</summary>
/// <param name="Action">The action, or <c>*</c>.</param>
/// <param name="Obligation">The obligation.</param>
public sealed record ObligationEntry(string Action, string Obligation);
