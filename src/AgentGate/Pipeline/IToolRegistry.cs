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

    /// <summary>Declares what a tool is as a whole, beside what configuration says.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="declaration">What is known of it.</param>
    void Describe(string name, ToolDeclaration declaration);

    /// <summary>How often anything was added: what was worked out from the catalogue before another number is out of date.</summary>
    int Changes { get; }
}
