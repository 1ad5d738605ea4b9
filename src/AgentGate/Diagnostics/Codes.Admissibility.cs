namespace AgentGate.Diagnostics;

/// <summary>Codes of proof-carrying decisions (AG13xx).</summary>
public static partial class Codes
{
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
