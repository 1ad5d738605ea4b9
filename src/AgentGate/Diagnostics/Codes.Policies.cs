namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>No policy permits the action.</summary>
    public const string NotPermitted = "AG1201";

    /// <summary>A policy forbids the action.</summary>
    public const string Forbidden = "AG1202";

    /// <summary>A model called a tool that the request did not declare.</summary>
    public const string UndeclaredTool = "AG1203";

    /// <summary>A model's tool call has arguments that are not valid JSON.</summary>
    public const string ToolArgumentsInvalid = "AG1204";

    /// <summary>The request forces a tool that the principal may never call.</summary>
    public const string ForcedToolForbidden = "AG1205";

    /// <summary>The tenant has no such version of the policies.</summary>
    public const string PolicyVersionNotFound = "AG1230";

    /// <summary>A version of the policies has errors and can judge nothing.</summary>
    public const string PolicySetInvalid = "AG1231";

    /// <summary>The policies changed since the one who asks read them.</summary>
    public const string PolicyConflict = "AG1232";

    /// <summary>Under the policies that should come into force, the one who asks could not activate others.</summary>
    public const string PolicyLockOut = "AG1233";

    /// <summary>A request about policies cannot be read, or is too large.</summary>
    public const string PolicyRequestInvalid = "AG1234";

    /// <summary>A file of AgentGate 1.0 cannot be translated without changing what it means.</summary>
    public const string PolicyImportRefused = "AG1235";

    /// <summary>The stored policies in force cannot be used any more; their tenant is denied everything.</summary>
    public const string StoredPoliciesBroken = "AG1236";

    /// <summary>The stored policies are passed over at start, because configuration says so.</summary>
    public const string StoredPoliciesIgnored = "AG1237";

    /// <summary>The version is not a draft, so its text does not change.</summary>
    public const string PolicyVersionFrozen = "AG1238";

    /// <summary>Who wrote in a version wants to put it in force, and another person has to.</summary>
    public const string PolicyOwnWork = "AG1239";

    /// <summary>An argument that is declared to be a resource cannot be read as one.</summary>
    public const string TargetUnreadable = "AG1206";

    /// <summary>A forbidding policy could not be evaluated, so it forbids.</summary>
    public const string PolicyFailed = "AG1207";

    /// <summary>A second factor is required, and the server's records know of none.</summary>
    public const string MfaRequired = "AG1210";

    /// <summary>A person's approval is required, and the server's records know of none.</summary>
    public const string ApprovalRequired = "AG1211";

    /// <summary>A preview must be confirmed first, and the server's records know of no confirmation.</summary>
    public const string PreviewConfirmRequired = "AG1212";

    /// <summary>Votes of safety nodes are required, and there are not enough.</summary>
    public const string QuorumRequired = "AG1213";

    /// <summary>The chain of grants the caller acts under does not hold.</summary>
    public const string DelegationInvalid = "AG1214";

    /// <summary>Policies or settings demand an obligation that this installation cannot fulfil, or that does not exist.</summary>
    public const string ObligationUnusable = "AG1215";

    /// <summary>The call asks more of the policies than a proof may hold, so that nobody could verify the decision.</summary>
    public const string AsksTooMuch = "AG1216";
}
