using AgentGate.Kernel.Decisions;

namespace AgentGate.Chat;

/// <summary>What became of a model's tool call. A closed set: released (perhaps rewritten) or refused.</summary>
internal abstract record ToolCallRuling
{
    private ToolCallRuling()
    {
    }

    /// <summary>The call goes on to the party that runs it.</summary>
    /// <param name="Input">The arguments as judged.</param>
    public sealed record Released(string Input) : ToolCallRuling;

    /// <summary>The call does not go on; the model reads why.</summary>
    /// <param name="Denial">Why.</param>
    /// <param name="ToolName">The tool, if the request declares it; a name the model made up may hold anything and is not repeated.</param>
    public sealed record Refused(Denial Denial, string? ToolName) : ToolCallRuling
    {
        /// <summary>The refusal as text the model can read and correct itself by.</summary>
        public string Text
            => $"[AgentGate {Denial.Code}] The call of {(ToolName is null ? "an undeclared tool" : $"the tool \"{ToolName}\"")} was refused: {Denial.Reason}";
    }
}
