namespace AgentGate.Kernel.Admissibility;

/// <summary>How a principal was recognised. A closed set.</summary>
public enum AuthenticationMethod
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>By a key of the server's own records.</summary>
    Key,

    /// <summary>By the application that hosts the gate in its own process.</summary>
    Process,
}
