namespace AgentGate.Kernel.Admissibility;

/// <summary>What may be demanded beside a permit. A closed set.</summary>
public static class Obligations
{
    /// <summary>The principal proved a second factor.</summary>
    public const string MfaRequired = "mfa_required";

    /// <summary>A person approved the call.</summary>
    public const string ApprovalRequired = "approval_required";

    /// <summary>The caller saw a preview of the effect and confirmed it.</summary>
    public const string PreviewConfirmRequired = "preview_confirm_required";

    /// <summary>Enough safety nodes voted yes (break-glass).</summary>
    public const string QuorumRequired = "quorum_required";

    /// <summary>The annotation of a policy that demands some of them, separated by commas.</summary>
    public const string Annotation = "obligation";

    /// <summary>All of them, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [ApprovalRequired, MfaRequired, PreviewConfirmRequired, QuorumRequired];
}
