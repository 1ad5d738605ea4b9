namespace AgentGate.Diagnostics;

/// <summary>Codes of the guardrails (AG23xx).</summary>
public static partial class Codes
{
    /// <summary>A guardrail demands a pause between calls, and it is not over.</summary>
    public const string GuardrailCoolsDown = "AG2301";

    /// <summary>As many calls were made as a guardrail lets through in its window.</summary>
    public const string GuardrailCallsReached = "AG2302";

    /// <summary>A guardrail lets nothing through at this hour.</summary>
    public const string GuardrailHoursExcluded = "AG2303";

    /// <summary>A guardrail demands that nothing else was called just before.</summary>
    public const string GuardrailExcludes = "AG2304";

    /// <summary>The state of a guardrail has no transition for the call.</summary>
    public const string GuardrailNoTransition = "AG2305";

    /// <summary>The store of the guardrails is lost, and a guardrail that concerns the call denies then.</summary>
    public const string GuardrailStoreLost = "AG2306";

    /// <summary>A guardrail remembers as many calls of one scope as it may.</summary>
    public const string GuardrailTrackFull = "AG2307";

    /// <summary>The store of the guardrails answers again.</summary>
    public const string GuardrailStoreRecovered = "AG2308";

    /// <summary>A call that did not happen stays counted until it lapses, because the store was lost.</summary>
    public const string GuardrailNotGivenBack = "AG2309";

    /// <summary>A request about guardrails is not what the route takes.</summary>
    public const string GuardrailRequestInvalid = "AG2310";

    /// <summary>There is no such guardrail, or it does not concern the caller's tenant.</summary>
    public const string GuardrailNotFound = "AG2311";
}
