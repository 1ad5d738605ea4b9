namespace AgentGate.Kernel.Admissibility;

/// <summary>Γ: what was in force when a decision was made, by digests that change with it and not with each call. Immutable.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="PolicySetHash">The hash of the policy set.</param>
/// <param name="SettingsHash">The hash of the settings.</param>
/// <param name="GrantsRoot">The root of the fact tree of the tenant's grants, lower-case hex.</param>
/// <param name="GrantsSize">How many grants it has.</param>
/// <param name="RevocationsRoot">The root of the fact tree of its revocations, lower-case hex.</param>
/// <param name="RevocationsSize">How many revocations it has.</param>
public sealed record Gamma(
    string Tenant, string PolicySetHash, string SettingsHash, string GrantsRoot, long GrantsSize, string RevocationsRoot, long RevocationsSize);
