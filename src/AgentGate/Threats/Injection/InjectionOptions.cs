using AgentGate.Kernel.Decisions;

namespace AgentGate.Threats.Injection;

/// <summary>What the injection guard does, for each role a text can have.</summary>
/// <remarks>The score is a signal, not a boundary: what must not happen is forbidden by a policy.</remarks>
public sealed class InjectionOptions
{
    /// <summary>What happens to texts of users, of the model in earlier turns, and of fields without a known role.</summary>
    /// <value>The default is <see cref="InjectionAction.Flag"/>: people may write about anything.</value>
    public InjectionAction Chat { get; set; } = InjectionAction.Flag;

    /// <summary>What happens to results of tools and retrieved documents.</summary>
    /// <value>The default is <see cref="InjectionAction.Block"/>: data has no business giving orders.</value>
    public InjectionAction ToolResults { get; set; } = InjectionAction.Block;

    /// <summary>What happens to arguments of tool calls.</summary>
    /// <value>The default is <see cref="InjectionAction.Flag"/>.</value>
    public InjectionAction ToolArguments { get; set; } = InjectionAction.Flag;

    /// <summary>What happens to definitions of tools and schemas, which third parties write.</summary>
    /// <value>The default is <see cref="InjectionAction.Flag"/>.</value>
    public InjectionAction Definitions { get; set; } = InjectionAction.Flag;

    /// <summary>What happens to system and developer text.</summary>
    /// <value>
    /// The default is <see cref="InjectionAction.Ignore"/>: it is the operator's own instruction, and instructing is all it
    /// does. Set it where system text is put together from what others wrote.
    /// </value>
    public InjectionAction System { get; set; } = InjectionAction.Ignore;

    /// <summary>The score from which a text is a finding.</summary>
    /// <value>The default is 0.5; above 0, at most 1.</value>
    public double FlagThreshold { get; set; } = 0.5;

    /// <summary>The score from which a text of a role that is blocked denies the call.</summary>
    /// <value>The default is 0.9; at least <see cref="FlagThreshold"/>, at most 1.</value>
    public double BlockThreshold { get; set; } = 0.9;

    /// <summary>How long all classifiers together may take for one call.</summary>
    /// <value>The default is one second; above zero and below the guard's two seconds.</value>
    public TimeSpan ClassifierTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the built-in score counts alone where a classifier fails or is late. Findings then say so.</summary>
    /// <value>The default is <see langword="false"/>: the gate closes.</value>
    public bool ClassifierFailOpen { get; set; }

    /// <summary>The action for a role.</summary>
    internal InjectionAction ActionFor(SegmentRole role) => role switch
    {
        SegmentRole.System => System,
        SegmentRole.ToolResult => ToolResults,
        SegmentRole.ToolArguments => ToolArguments,
        SegmentRole.Definition => Definitions,
        _ => Chat,
    };
}
