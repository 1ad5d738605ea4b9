namespace AgentGate.Cedar.Syntax;

/// <summary>The four parts of a request an expression can name.</summary>
public enum RequestVariable
{
    /// <summary>Who asks.</summary>
    Principal,

    /// <summary>What is asked.</summary>
    Action,

    /// <summary>What it acts on.</summary>
    Resource,

    /// <summary>The circumstances, a record.</summary>
    Context,
}
