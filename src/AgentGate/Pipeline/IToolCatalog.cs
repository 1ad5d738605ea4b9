namespace AgentGate.Pipeline;

/// <summary>What is known about tools: the registered ones and how they run.</summary>
public interface IToolCatalog
{
    /// <summary>Whether a tool is registered as internal: it runs inside the caller's trust and may see real values.</summary>
    /// <param name="name">The tool's name.</param>
    bool IsInternal(string name);
}
