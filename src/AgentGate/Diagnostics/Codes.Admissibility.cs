namespace AgentGate.Diagnostics;

/// <summary>Codes of proof-carrying decisions (AG13xx).</summary>
public static partial class Codes
{
    /// <summary>A request about grants is not well formed, or asks for a grant that is none.</summary>
    public const string GrantInvalid = "AG1300";

    /// <summary>The tenant has no such grant.</summary>
    public const string GrantNotFound = "AG1301";

    /// <summary>The grant cannot be issued as things are: its parent ended, or the chain would be too long.</summary>
    public const string GrantConflict = "AG1302";

    /// <summary>A stored grant or revocation cannot be believed.</summary>
    public const string StoredGrantBroken = "AG1303";

    /// <summary>The tenant has as many live grants as it may.</summary>
    public const string GrantsFull = "AG1304";

    /// <summary>The grant is wider than its parent.</summary>
    public const string GrantNotNarrower = "AG1305";

    /// <summary>A call names its grant in a way that names none.</summary>
    public const string DelegationMalformed = "AG1306";

    /// <summary>There is no key to sign a grant with.</summary>
    public const string GrantUnsigned = "AG1307";

    /// <summary>A call touched a honey token.</summary>
    public const string HoneyTouched = "AG1310";

    /// <summary>The authority that was delegated to a principal, or by it, is suspended because it touched a honey token.</summary>
    public const string GrantsSuspended = "AG1311";

    /// <summary>The principal touched a honey token and is denied everything until an operator clears it.</summary>
    public const string PrincipalSuspended = "AG1312";

    /// <summary>A request about honey tokens is not well formed.</summary>
    public const string HoneyInvalid = "AG1313";

    /// <summary>The tenant has no such honey token, or no such principal that touched one.</summary>
    public const string HoneyNotFound = "AG1314";

    /// <summary>The tenant has as many honey tokens as it may.</summary>
    public const string HoneyFull = "AG1315";

    /// <summary>Nobody clears itself of having touched a honey token.</summary>
    public const string HoneySelfCleared = "AG1316";

    /// <summary>The value of a stored honey token cannot be read, so nothing is held against it.</summary>
    public const string HoneyUnreadable = "AG1317";

    /// <summary>A safety node cannot be registered as it is described.</summary>
    public const string SafetyNodeInvalid = "AG1330";

    /// <summary>More votes are demanded than there are safety nodes.</summary>
    public const string QuorumImpossible = "AG1331";

    /// <summary>A safety node answered something that does not count as its vote.</summary>
    public const string VoteRefused = "AG1332";

    /// <summary>A safety node did not answer.</summary>
    public const string SafetyNodeUnreachable = "AG1333";

    /// <summary>There is no such safety node.</summary>
    public const string SafetyNodeNotFound = "AG1334";

    /// <summary>A safety node cannot be added or removed as things are.</summary>
    public const string SafetyNodeConflict = "AG1335";

    /// <summary>Votes could not be asked for, or not put on record.</summary>
    public const string VoteFailed = "AG1336";

    /// <summary>A plan has more steps than its tier allows, or effects that no plan can have.</summary>
    public const string PlanRefused = "AG1340";

    /// <summary>A caller claims what only the server's own records can say.</summary>
    public const string ClaimRefused = "AG1341";

    /// <summary>What was asked about would not be admissible.</summary>
    public const string Inadmissible = "AG1342";

    /// <summary>A question about admissibility or a plan cannot be read.</summary>
    public const string EvaluationInvalid = "AG1343";
}
