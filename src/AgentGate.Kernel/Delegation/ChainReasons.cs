namespace AgentGate.Kernel.Delegation;

/// <summary>Why a chain of grants does not hold: the words of docs/formats/delegation.md. A closed set.</summary>
public static class ChainReasons
{
    /// <summary>The grant that is named is not known.</summary>
    public const string GrantMissing = "grant_missing";

    /// <summary>A grant's parent is not known.</summary>
    public const string ParentMissing = "parent_missing";

    /// <summary>A signature does not verify. Facts hold verified grants alone, so this word is for whoever reads unverified ones.</summary>
    public const string SignatureInvalid = "signature_invalid";

    /// <summary>A grant belongs to another tenant.</summary>
    public const string CrossTenant = "cross_tenant";

    /// <summary>A grant names somebody else as the one who may act.</summary>
    public const string DelegateMismatch = "delegate_mismatch";

    /// <summary>The grant that is named was revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>A grant that the named one rests on was revoked.</summary>
    public const string ParentRevoked = "parent_revoked";

    /// <summary>A grant is not valid yet.</summary>
    public const string NotYetValid = "not_yet_valid";

    /// <summary>The grant that is named is valid no longer.</summary>
    public const string Expired = "expired";

    /// <summary>A grant that the named one rests on is valid no longer.</summary>
    public const string ParentExpired = "parent_expired";

    /// <summary>A grant has an action its parent lacks.</summary>
    public const string ActionAttenuation = "action_attenuation";

    /// <summary>A grant has a scope that none of its parent's covers.</summary>
    public const string ScopeAttenuation = "scope_attenuation";

    /// <summary>A grant lacks an obligation of its parent.</summary>
    public const string ObligationAttenuation = "obligation_attenuation";

    /// <summary>A grant lacks a constraint of its parent, or has a wider one.</summary>
    public const string ConstraintAttenuation = "constraint_attenuation";

    /// <summary>A grant is valid before its parent, or after it.</summary>
    public const string ExpiryAttenuation = "expiry_attenuation";

    /// <summary>A grant does not cover what is asked.</summary>
    public const string ActionNotGranted = "action_not_granted";

    /// <summary>A grant does not cover what it is asked on.</summary>
    public const string ScopeNotGranted = "scope_not_granted";

    /// <summary>The circumstances are not those a grant demands.</summary>
    public const string ConstraintFailed = "constraint_failed";

    /// <summary>The chain is longer than <see cref="GrantChain.MaxDepth"/>, or has no end.</summary>
    public const string Depth = "depth";

    /// <summary>All of them, in the order of the rules.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        GrantMissing, ParentMissing, SignatureInvalid, CrossTenant, DelegateMismatch, Revoked, ParentRevoked, NotYetValid, Expired, ParentExpired,
        ActionAttenuation, ScopeAttenuation, ObligationAttenuation, ConstraintAttenuation, ExpiryAttenuation, ActionNotGranted, ScopeNotGranted,
        ConstraintFailed, Depth,
    ];
}
