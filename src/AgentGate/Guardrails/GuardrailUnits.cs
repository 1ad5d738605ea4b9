using System.Collections.Immutable;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Guardrails;

/// <summary>The guardrails in force, made ready: those that refuse, and those that watch. Immutable.</summary>
internal sealed class GuardrailUnits
{
    public GuardrailUnits(IOptions<GuardrailsOptions> options)
    {
        Sets = [.. options.Value.Sets];
        All = [.. Sets.SelectMany(UnitsOf)];
        Enforced = [.. All.Where(unit => unit.Set.Mode == GuardrailMode.Enforce)];
        Shadow = [.. All.Where(unit => unit.Set.Mode == GuardrailMode.Shadow)];
    }

    public ImmutableArray<GuardrailSet> Sets { get; }

    public ImmutableArray<GuardrailUnit> All { get; }

    public ImmutableArray<GuardrailUnit> Enforced { get; }

    public ImmutableArray<GuardrailUnit> Shadow { get; }

    /// <summary>Which of some units a call concerns, and what of it.</summary>
    public static List<GuardrailClaim> Claims(ImmutableArray<GuardrailUnit> units, GateCall call)
    {
        List<GuardrailClaim> claims = [];
        foreach (var unit in units)
        {
            if (unit.Concerns(call.Principal) && unit.ActionsOf(call) is { Count: > 0 } actions)
            {
                claims.Add(new GuardrailClaim(unit, actions, unit.KeyOf(call)));
            }
        }

        // The order in which every question takes its locks.
        claims.Sort((one, other) => one.Key.CompareTo(other.Key));
        return claims;
    }

    private static IEnumerable<GuardrailUnit> UnitsOf(GuardrailSet set)
        => set.Machine is { } machine
            ? [new MachineUnit(set, machine)]
            : set.Rules.Select((rule, index) => new ListUnit(set, rule, GuardrailFaults.NameOf(rule, index)));
}

/// <summary>A rule that concerns a call.</summary>
/// <param name="Unit">The rule.</param>
/// <param name="Actions">What of the call it concerns.</param>
/// <param name="Key">The track.</param>
internal sealed record GuardrailClaim(GuardrailUnit Unit, IReadOnlyList<string> Actions, TrackKey Key);
