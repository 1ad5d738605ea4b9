namespace AgentGate.Pipeline;

/// <summary>What is known about tools: the registered ones, how they run and what their arguments are.</summary>
public interface IToolCatalog
{
    /// <summary>Whether a tool is registered as internal: it runs inside the caller's trust and may see real values.</summary>
    /// <param name="name">The tool's name.</param>
    bool IsInternal(string name);

    /// <summary>What is declared of a tool's arguments; the first one that covers an address counts.</summary>
    /// <param name="name">The tool's name.</param>
    /// <returns>The declared arguments, none by default.</returns>
    IReadOnlyList<ToolArgument> ArgumentsOf(string name) => [];

    /// <summary>What is declared of a tool as a whole.</summary>
    /// <param name="name">The tool's name.</param>
    /// <returns><see langword="null"/> for a tool nobody declared.</returns>
    ToolDeclaration? DeclarationOf(string name) => null;
}
