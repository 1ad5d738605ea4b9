namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>A guard threw; the gate is closed for this call.</summary>
    public const string GuardFailed = "AG1001";

    /// <summary>A guard passed its deadline; the gate is closed for this call.</summary>
    public const string GuardTimedOut = "AG1002";

    /// <summary>A guard answered something that is not a verdict, or asked for a change that cannot be made.</summary>
    public const string GuardAnsweredNonsense = "AG1003";

    /// <summary>The intent could not be put on record, so the effect did not run.</summary>
    public const string IntentNotRecorded = "AG1004";

    /// <summary>The outcome could not be put on record; the answer is withheld.</summary>
    public const string OutcomeNotRecorded = "AG1005";

    /// <summary>A permit was used twice, or not at all.</summary>
    public const string PermitMisused = "AG1006";

    /// <summary>The call is held for a person.</summary>
    public const string Held = "AG1007";

    /// <summary>The bytes handed to the transport are not the content that was judged.</summary>
    public const string TransportDiffers = "AG1008";

    /// <summary>The effect failed in a way nobody foresaw.</summary>
    public const string EffectFailed = "AG1009";

    /// <summary>The decision could not be put on record.</summary>
    public const string DecisionNotRecorded = "AG1010";

    /// <summary>The answer's id could not be tied to the session of its call; the answer is withheld.</summary>
    public const string AnswerNotLinked = "AG1011";
}
