using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>The facts of one call, in ordinal order, each once. Asked once: the whole call is judged by the same.</summary>
/// <param name="CallId">The call they belong to; a tool's call in an answer has its own.</param>
/// <param name="Words">The facts.</param>
internal sealed record CallFacts(string CallId, ImmutableArray<string> Words)
{
    /// <summary>The call with its facts in its context.</summary>
    public static GateCall On(GuardContext context)
        => context.Scope.Find<CallFacts>() is { } facts && facts.CallId == context.Call.Id
            ? context.Call with { Context = context.Call.Context with { Facts = facts.Words } }
            : context.Call;
}
