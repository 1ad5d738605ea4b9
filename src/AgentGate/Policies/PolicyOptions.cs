namespace AgentGate.Policies;

/// <summary>
/// The configured policies (<c>AgentGate:Policies</c>): default deny, forbid overrides permit. They are one Cedar policy set, made of
/// everything here together, and judge every tenant for which no other version was activated.
/// </summary>
public sealed class PolicyOptions
{
    /// <summary>Files of policies in Cedar syntax.</summary>
    /// <value>The default is empty.</value>
    public IList<string> Files { get; } = [];

    /// <summary>A directory whose files <c>*.cedar</c> are policies in Cedar syntax, in ordinal order of their names.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? Directory { get; set; }

    /// <summary>Policies in Cedar syntax.</summary>
    /// <value>The default is empty.</value>
    public IList<string> Inline { get; } = [];

    /// <summary>What is permitted, as a short form for simple cases: each rule becomes one policy.</summary>
    /// <value>The default is empty: nothing is permitted, except what <see cref="UseShippedDefault"/> adds.</value>
    public IList<PolicyRule> Permit { get; } = [];

    /// <summary>What is forbidden, whatever permits it. Compared without regard to case; each rule becomes one policy.</summary>
    /// <value>The default is empty.</value>
    public IList<PolicyRule> Forbid { get; } = [];

    /// <summary>The kinds of content that may pass although no guard can read them: <c>image</c>, <c>audio</c>, <c>file</c>, <c>encrypted</c>, <c>other</c>.</summary>
    /// <value>The default is empty: such content is denied.</value>
    public IList<string> AllowUnread { get; } = [];

    /// <summary>Whether versions of policies that the store has in force are passed over when a server starts, so that these here judge: the way back in for who locked themselves out.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IgnoreStored { get; set; }

    /// <summary>Whether a version of the policies needs another person to come into force than the ones who wrote it.</summary>
    /// <value>The default is <see cref="SecondPerson.WherePossible"/>; the development environment turns it off.</value>
    public SecondPerson SecondPerson { get; set; }

    /// <summary>Whether the shipped default set is in force: models, embeddings and tools permitted, values restored for internal tools, nothing the provider runs or fetches by itself (<c>default.cedar</c>).</summary>
    /// <value>The default is <see langword="false"/>; the development environment turns it on.</value>
    public bool UseShippedDefault { get; set; }
}
