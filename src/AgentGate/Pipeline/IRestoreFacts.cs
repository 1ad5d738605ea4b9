using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Tells a door which personal data a model's tool call would receive if restoring were permitted.</summary>
internal interface IRestoreFacts
{
    /// <summary>
    /// The PII types, distinct and sorted, whose tokens stand in the content and were sent by the call that led to it.
    /// Thread-safe.
    /// </summary>
    /// <param name="content">The tool call's arguments as the model wrote them.</param>
    /// <param name="parent">The scope of the model call.</param>
    ImmutableArray<string> RestorableTypes(CallContent content, CallScope? parent);
}
