namespace AgentGate.Threats.Html;

/// <summary>What a script does, as far as its shape tells.</summary>
[Flags]
internal enum ScriptTraits : ushort
{
    None = 0,

    /// <summary>Calls something that shows a box.</summary>
    Proof = 1,

    /// <summary>Does so at once, not in a function that somebody may call.</summary>
    AtOnce = 2,

    /// <summary>Runs text as code.</summary>
    Run = 4,

    /// <summary>Reads what a session is made of.</summary>
    Secret = 8,

    /// <summary>Sends something, or leaves for another place.</summary>
    Send = 16,

    /// <summary>Hides its own text: numbers for letters, names in pieces, only brackets.</summary>
    Hidden = 32,

    /// <summary>Writes into the page.</summary>
    Write = 64,

    /// <summary>Calls or assigns anything at all.</summary>
    Acts = 128,

    /// <summary>Passes a function that shows a box on, to be called by another.</summary>
    Handed = 256,
}

/// <summary>What a script reader found.</summary>
/// <param name="Traits">What the script does.</param>
/// <param name="At">Where the strongest of it begins; -1 if there is nothing.</param>
/// <param name="Before">The sign before that place that is no space; NUL at the start.</param>
/// <param name="Touches">Whether that sign stands directly before it.</param>
internal readonly record struct ScriptFacts(ScriptTraits Traits, int At, char Before, bool Touches)
{
    public bool Has(ScriptTraits traits) => (Traits & traits) == traits;

    public bool HasAny(ScriptTraits traits) => (Traits & traits) != 0;
}
