using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>
/// Does the call touch a honey token now? Personal data in arguments becomes tokens, and tokens become values, after
/// <see cref="HoneyGuard"/> looked; where that changed the content, it looks again.
/// </summary>
internal sealed class HoneyTargetGuard(HoneyGuard guard) : IRequestGuard
{
    /// <summary>Directly after the policies were asked again about what arguments became, before anything is reserved.</summary>
    public const int Order = GuardOrder.Pii + 60;

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => context.Scope.Find<HoneyLooked>() is { } looked && looked.CallId == context.Call.Id && !ReferenceEquals(looked.Content, context.Call.Content)
            ? guard.LookAsync(context)
            : ValueTask.FromResult<Verdict>(Verdict.Allowed);
}

/// <summary>The content that honey tokens were looked for in.</summary>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="Content">The content.</param>
internal sealed record HoneyLooked(string CallId, CallContent Content);
