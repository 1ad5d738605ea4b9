namespace AgentGate.Kernel.Decisions;

/// <summary>The closed set of actions a call can ask for. They are Cedar action ids in the published schema.</summary>
public static class GateActions
{
    /// <summary>Ask a model to generate.</summary>
    public const string CallModel = "callModel";

    /// <summary>Turn text into embeddings.</summary>
    public const string Embed = "embed";

    /// <summary>Count the tokens of a prompt at the provider.</summary>
    public const string CountTokens = "countTokens";

    /// <summary>List the models, or read one.</summary>
    public const string ListModels = "listModels";

    /// <summary>Run a tool, or release a model's call of a tool to the party that runs it.</summary>
    public const string CallTool = "callTool";

    /// <summary>Let the provider run a tool of its own.</summary>
    public const string UseProviderTool = "useProviderTool";

    /// <summary>Let the provider fetch content by URL or file id.</summary>
    public const string FetchContent = "fetchContent";

    /// <summary>Put real values back in place of PII tokens in a tool's arguments.</summary>
    public const string RestoreValues = "restoreValues";

    /// <summary>Put a version of the policy set in force.</summary>
    public const string ActivatePolicy = "activatePolicy";

    /// <summary>Every action, in the order of the schema.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CallModel, Embed, CountTokens, ListModels, CallTool, UseProviderTool, FetchContent, RestoreValues, ActivatePolicy];
}
