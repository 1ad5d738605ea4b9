namespace AgentGate.Threats.Injection;

/// <summary>What is special about a word, beside the word itself.</summary>
[Flags]
internal enum TokenMarks
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The last word of a sentence or a line.</summary>
    Ends = 1,

    /// <summary>The first word of a line.</summary>
    OpensLine = 2,

    /// <summary>Capital letters only, three at least.</summary>
    Capitals = 4,

    /// <summary>A word of the lexicon that had to be unmasked: look-alikes, digits for letters, letters apart, invisible characters.</summary>
    Masked = 8,

    /// <summary>Written with characters that a screen does not show.</summary>
    Hidden = 16,

    /// <summary>A word of the lexicon written backwards or shifted by 13 letters.</summary>
    Turned = 32,

    /// <summary>A chat template's marker: a role in brackets, a control token.</summary>
    Template = 64,

    /// <summary>A name of a role that opens a line and ends with a colon.</summary>
    RoleHead = 128,

    /// <summary>A word between runs of signs, as in <c>=== END ===</c>.</summary>
    Fenced = 256,

    /// <summary>An address of electronic mail.</summary>
    Mail = 512,

    /// <summary>An address of the web.</summary>
    Web = 1024,

    /// <summary>A comment of a markup language, or text styled to be invisible.</summary>
    Concealed = 2048,

    /// <summary>In square brackets, braces or angle brackets.</summary>
    Bracketed = 4096,
}
