namespace AgentGate.Diagnostics;

/// <summary>Codes of the log's witnesses (AG43xx).</summary>
public static partial class Codes
{
    /// <summary>Too few witnesses cosigned a checkpoint; it is not published.</summary>
    public const string WitnessQuorumMissing = "AG4301";

    /// <summary>A witness did not answer, or not with a cosignature that verifies.</summary>
    public const string WitnessSilent = "AG4302";

    /// <summary>A witness cosigned a larger tree of the log than the one there is.</summary>
    public const string WitnessKnowsLargerLog = "AG4303";

    /// <summary>A witness finds that a checkpoint does not continue the one it cosigned.</summary>
    public const string WitnessRefused = "AG4304";
}
