namespace AgentGate.Kernel.Decisions;

/// <summary>Names one Cedar entity: its type and its id, kept apart so that text is never joined into a policy.</summary>
/// <param name="Type">The entity type, for example <c>AgentGate::Tool</c>.</param>
/// <param name="Id">The entity id, for example <c>crm/delete_record</c>.</param>
public readonly record struct EntityRef(string Type, string Id)
{
    /// <summary>The entity type of a model.</summary>
    public const string ModelType = "AgentGate::Model";

    /// <summary>The entity type of a tool.</summary>
    public const string ToolType = "AgentGate::Tool";

    /// <summary>The entity type of a tool that the provider itself runs (web search, code interpreter, remote MCP).</summary>
    public const string ProviderToolType = "AgentGate::ProviderTool";

    /// <summary>The entity type of content that the provider itself fetches (a file id, a remote URL).</summary>
    public const string FetchedContentType = "AgentGate::FetchedContent";

    /// <summary>The entity type of the list of models.</summary>
    public const string ModelListType = "AgentGate::ModelList";

    /// <summary>The entity type of a tenant's policy set.</summary>
    public const string PolicySetType = "AgentGate::PolicySet";

    /// <summary>The entity type of a principal's authority, as grants pass it on. The id is that principal.</summary>
    public const string GrantType = "AgentGate::Grant";

    /// <summary>A model by its id as the caller named it.</summary>
    public static EntityRef Model(string id) => new(ModelType, id);

    /// <summary>A tool by its name.</summary>
    public static EntityRef Tool(string name) => new(ToolType, name);

    /// <inheritdoc />
    public override string ToString() => $"{Type}::\"{Id}\"";
}
