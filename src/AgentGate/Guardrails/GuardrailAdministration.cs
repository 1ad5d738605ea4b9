using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>Shows a tenant its guardrails and what they remember of it, and makes them forget. Each act is on record before it counts. Thread-safe.</summary>
internal sealed class GuardrailAdministration(GuardrailUnits units, IGuardrailStore store, IDecisionRecorder recorder, IIdSource ids, TimeProvider time)
{
    /// <summary>The most tracks of one guardrail that are shown.</summary>
    public const int TracksMax = 200;

    /// <summary>The entity type of a guardrail, in the log.</summary>
    public const string GuardrailType = "AgentGate::Guardrail";

    /// <summary>The guardrails that concern a tenant, in their order.</summary>
    public IEnumerable<(GuardrailSet Set, IReadOnlyList<GuardrailUnit> Units)> Of(string tenant)
        => units.Sets.Where(set => Wildcard.IsMatch(set.Tenant, tenant, ignoreCase: true))
            .Select(set => (set, (IReadOnlyList<GuardrailUnit>)[.. units.All.Where(unit => unit.Set == set)]));

    /// <summary>What a guardrail remembers of a tenant. What it remembers of all tenants together is nobody's to see.</summary>
    public async ValueTask<IReadOnlyList<(TrackKey Key, GuardrailTrack Track)>> TracksAsync(GuardrailUnit unit, string tenant, CancellationToken cancellationToken)
        => await store.ListAsync(tenant, unit.StoredSet, TracksMax, cancellationToken);

    /// <summary>Makes a guardrail forget.</summary>
    /// <param name="by">Who asks; what it forgets is of that tenant.</param>
    /// <param name="id">The guardrail.</param>
    /// <param name="rule">One rule, or <see langword="null"/> for all.</param>
    /// <param name="scope">One scope as <see cref="TracksAsync"/> names it, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>How many scopes were forgotten; <see langword="null"/> where there is no such guardrail or rule.</returns>
    public async Task<int?> ResetAsync(Principal by, string id, string? rule, string? scope, CancellationToken cancellationToken)
    {
        var found = Of(by.Tenant).FirstOrDefault(one => string.Equals(one.Set.Id, id, StringComparison.OrdinalIgnoreCase));
        if (found.Set is null || (rule is not null && !found.Units.Any(unit => unit.Name == rule)))
        {
            return null;
        }

        await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = ids.NewId(),
                Kind = EntryKind.Admin,
                At = time.GetUtcNow(),
                Tenant = by.Tenant,
                Principal = by.Id,
                Action = "guardrail.reset",
                Resource = new EntityRef(GuardrailType, found.Set.Id),
                Detail = (rule ?? "all rules") + ", " + (scope ?? "all scopes"),
            }),
            cancellationToken);
        return await store.RemoveAsync(by.Tenant, found.Units[0].StoredSet, rule, scope, CancellationToken.None);
    }
}
