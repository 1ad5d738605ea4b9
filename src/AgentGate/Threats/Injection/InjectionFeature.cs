namespace AgentGate.Threats.Injection;

/// <summary>The kinds of evidence a finding names, the more telling later. A closed set.</summary>
internal enum InjectionFeature
{
    /// <summary>The wording as a whole.</summary>
    Wording,

    /// <summary>The text gives orders to whoever reads it.</summary>
    Instruction,

    /// <summary>Earlier instructions are to be ignored or replaced.</summary>
    Override,

    /// <summary>Hidden instructions or secrets are asked for.</summary>
    Disclosure,

    /// <summary>A role without rules is assigned.</summary>
    Persona,

    /// <summary>Restrictions are declared void.</summary>
    Jailbreak,

    /// <summary>Data is to be sent elsewhere, or an address visited.</summary>
    Exfiltration,

    /// <summary>The text speaks to an assistant.</summary>
    Addressed,

    /// <summary>Markers of a chat template, or pretended ends of input.</summary>
    Delimiter,

    /// <summary>Text that a reader does not see.</summary>
    Hidden,

    /// <summary>Instructions in an encoding.</summary>
    Encoded,

    /// <summary>A long pretended dialogue.</summary>
    ManyShot,
}
