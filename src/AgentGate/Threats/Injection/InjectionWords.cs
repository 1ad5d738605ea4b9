using System.Globalization;

namespace AgentGate.Threats.Injection;

/// <summary>How findings and denials say what was found: fixed words, never content.</summary>
internal static class InjectionWords
{
    /// <summary>The rule id of a finding.</summary>
    public static string RuleOf(InjectionFeature feature) => feature switch
    {
        InjectionFeature.Override => "injection.override",
        InjectionFeature.Instruction => "injection.instruction",
        InjectionFeature.Disclosure => "injection.disclosure",
        InjectionFeature.Persona => "injection.persona",
        InjectionFeature.Jailbreak => "injection.jailbreak",
        InjectionFeature.Exfiltration => "injection.exfiltration",
        InjectionFeature.Addressed => "injection.addressed",
        InjectionFeature.Delimiter => "injection.delimiter",
        InjectionFeature.Hidden => "injection.hidden",
        InjectionFeature.Encoded => "injection.encoded",
        InjectionFeature.ManyShot => "injection.many-shot",
        _ => "injection.wording",
    };

    /// <summary>The note of a finding: the score in hundredths, and whose score it is when it is not the built-in one.</summary>
    public static string Note(InjectionScore score, bool byClassifier)
        => string.Create(CultureInfo.InvariantCulture, $"score {score.Hundredths}{(byClassifier ? ", classifier" : "")}");

    /// <summary>Why a call was denied, for the caller.</summary>
    public static string Reason(InjectionFeature feature)
        => $"A tool result or document reads as an attempt to give the model orders: it {What(feature)}. Leave it out, or look at it before you send it.";

    private static string What(InjectionFeature feature) => feature switch
    {
        InjectionFeature.Override => "asks to ignore or replace instructions",
        InjectionFeature.Instruction => "tells its reader what to answer",
        InjectionFeature.Disclosure => "asks for hidden instructions or secrets",
        InjectionFeature.Persona => "assigns the model another role",
        InjectionFeature.Jailbreak => "declares the model's rules void",
        InjectionFeature.Exfiltration => "asks to send data elsewhere",
        InjectionFeature.Addressed => "speaks to the assistant",
        InjectionFeature.Delimiter => "holds markers of a chat template or a pretended end of input",
        InjectionFeature.Hidden => "holds text that a reader does not see",
        InjectionFeature.Encoded => "holds instructions in an encoding",
        InjectionFeature.ManyShot => "pretends a long dialogue",
        _ => "is worded like known injections",
    };
}
