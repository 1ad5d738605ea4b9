using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Tells which PII types a tool call would get values of, before anyone decides whether it may.</summary>
internal interface IRestoreFacts
{
    /// <summary>The types of the tokens in a content that the parent call sent; distinct and sorted.</summary>
    /// <param name="content">The tool call's arguments.</param>
    /// <param name="parent">The facts of the call whose answer holds the tool call.</param>
    ImmutableArray<string> RestorableTypes(CallContent content, CallScope? parent);
}
