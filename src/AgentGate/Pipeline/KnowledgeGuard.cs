using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Does the server know what is in force? A server of a cluster that lost touch with the store judges nothing.</summary>
internal sealed class KnowledgeGuard(IKnowledgeAge age) : IRequestGuard
{
    /// <summary>Before every other guard: they judge by what this one asks about.</summary>
    public const int Order = 50;

    public static GuardDescriptor Describe(IKnowledgeAge age) => new("Knowledge", Order) { Request = new KnowledgeGuard(age) };

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult<Verdict>(age.IsTooOld
            ? new Verdict.Deny(
                Codes.KnowledgeTooOld, "The server has lost touch with the store and does not know what is in force; try again in a moment.", DenialKind.Unavailable)
            : Verdict.Allowed);
}
