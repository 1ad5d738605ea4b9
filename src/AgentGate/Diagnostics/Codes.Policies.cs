namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>No policy permits the action.</summary>
    public const string NotPermitted = "AG1201";

    /// <summary>A policy forbids the action.</summary>
    public const string Forbidden = "AG1202";

    /// <summary>A model called a tool that the request did not declare.</summary>
    public const string UndeclaredTool = "AG1203";

    /// <summary>A model's tool call has arguments that are not valid JSON.</summary>
    public const string ToolArgumentsInvalid = "AG1204";

    /// <summary>The request forces a tool that the principal may never call.</summary>
    public const string ForcedToolForbidden = "AG1205";

    /// <summary>An argument that is declared to be a resource cannot be read as one.</summary>
    public const string TargetUnreadable = "AG1206";

    /// <summary>A forbidding policy could not be evaluated, so it forbids.</summary>
    public const string PolicyFailed = "AG1207";
}
