namespace AgentGate.Threats.Detection;

/// <summary>From which score on a hit counts. One table, so that the contexts can be compared.</summary>
internal static class ThreatThresholds
{
    /// <summary>Something will interpret it, and hardly anybody writes an attack there without meaning one.</summary>
    public const int Argument = 50;

    /// <summary>People talk about commands, queries and pages: it must be an attack, not a mention.</summary>
    public const int Chat = 75;

    /// <summary>A fenced block is there for code. Only what is an attack in any program counts.</summary>
    public const int Code = 95;

    /// <summary>What inline code in backticks takes off a score: quoted, but in the middle of prose.</summary>
    public const int InlineCode = 10;

    /// <summary>What parts that were put together need on top: nobody wrote them as one text.</summary>
    public const int Joined = 10;

    /// <summary>The score from which on a hit of a family counts.</summary>
    public static int Of(ThreatContext context, ThreatFamily family) => context switch
    {
        ThreatContext.Argument => Argument,
        ThreatContext.Code when NeedsInterpreter(family) => Code,
        _ => Chat,
    };

    /// <summary>
    /// Whether text of the family does nothing until somebody hands it to an interpreter. Script in a page runs as soon as the
    /// conversation is shown, and an address or a header is used by whatever reads it: a fence does not quote those.
    /// </summary>
    public static bool NeedsInterpreter(ThreatFamily family)
        => family is ThreatFamily.Sql or ThreatFamily.Shell or ThreatFamily.Ldap or ThreatFamily.NoSql or ThreatFamily.Template or ThreatFamily.Xxe;
}
