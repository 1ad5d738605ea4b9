namespace AgentGate.Pipeline;

/// <summary>A catalogue that tools of this process can be added to. Thread-safe.</summary>
internal interface IToolRegistry : IToolCatalog
{
    /// <summary>Registers a tool that runs in this process.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="isInternal">Whether it may see real values.</param>
    void Register(string name, bool isInternal);

    /// <summary>Declares what a tool's arguments are.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">The arguments; they come before those of configuration.</param>
    void Declare(string name, IReadOnlyList<ToolArgument> arguments);
}
