using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>Asks what the operator's records say about a call, before policies are. Denies nothing by itself; a source that fails closes the gate.</summary>
internal sealed class FactGuard(IEnumerable<IFactSource> sources) : IRequestGuard
{
    /// <summary>Directly before the policies.</summary>
    public const int Order = GuardOrder.Admissibility - 10;

    public async ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var facts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            var words = await source.FactsOfAsync(context.Call, cancellationToken);
            facts.UnionWith(words.IsDefault ? [] : words);
        }

        if (facts.Count > IFactSource.FactsMax)
        {
            throw new InvalidOperationException($"The sources name {facts.Count} facts; a call may have {IFactSource.FactsMax}.");
        }

        context.Scope.Set(new CallFacts(context.Call.Id, [.. facts]));
        return Verdict.Allowed;
    }
}
