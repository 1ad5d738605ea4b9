namespace AgentGate.Policies;

/// <summary>Whether a version of the policies needs another person to come into force than the ones who wrote it.</summary>
public enum SecondPerson
{
    /// <summary>Where at least two active users of the tenant may write policies; who is alone may go on alone.</summary>
    WherePossible,

    /// <summary>Always: whoever is alone cannot put in force what they wrote.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
