using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>What is known of a tool as a whole. Immutable.</summary>
/// <param name="Effects">What it does: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>; distinct and sorted.</param>
/// <param name="Groups">The groups it is in; distinct and sorted.</param>
public sealed record ToolDeclaration(ImmutableArray<string> Effects, ImmutableArray<string> Groups)
{
    /// <summary>A declaration that says nothing but that the tool is known.</summary>
    public static ToolDeclaration Empty { get; } = new([], []);
}
