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

    /// <summary>Let somebody act under a principal's authority.</summary>
    public const string IssueGrant = "issueGrant";

    /// <summary>End a grant, and every grant that rests on it.</summary>
    public const string RevokeGrant = "revokeGrant";

    /// <summary>What a tool does to a target that one of its arguments names: read it.</summary>
    public const string Read = "read";

    /// <summary>What a tool does to a target: change or create it.</summary>
    public const string Write = "write";

    /// <summary>What a tool does to a target: remove it.</summary>
    public const string Delete = "delete";

    /// <summary>What a tool does to a target: send something there.</summary>
    public const string Send = "send";

    /// <summary>What a tool does to a target: pay it.</summary>
    public const string Pay = "pay";

    /// <summary>What tools do to targets. A call asks these beside its own action, for each argument that is declared to be a resource.</summary>
    public static IReadOnlyList<string> Effects { get; } = [Read, Write, Delete, Send, Pay];

    /// <summary>Every action of a call, in the order of the schema.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CallModel, Embed, CountTokens, ListModels, CallTool, UseProviderTool, FetchContent, RestoreValues, ActivatePolicy, IssueGrant, RevokeGrant];
}
