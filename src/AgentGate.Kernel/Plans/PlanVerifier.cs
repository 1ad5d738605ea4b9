using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Plans;

/// <summary>
/// Verifies a plan as a whole, before its first step: each step is judged by the theorem in the state that the declared effects of
/// the steps before leave. Pure; thread-safe as far as the world is.
/// </summary>
public static class PlanVerifier
{
    /// <summary>The most words one list of effects may have.</summary>
    public const int WordsMax = 64;

    /// <summary>The longest fact or id in an effect, in characters.</summary>
    public const int WordLengthMax = 128;

    /// <summary>Verifies a plan.</summary>
    /// <param name="steps">The steps, in order. None is safe: nothing would happen.</param>
    /// <param name="tier">What bounds it.</param>
    /// <param name="world">Turns steps into requests.</param>
    /// <param name="initial">What holds before the first step; by default nothing beside what the world knows.</param>
    /// <returns>The answer. After the first step that is not admissible no other is evaluated: it would never be reached.</returns>
    /// <exception cref="PlanRefusedException">There are more steps than the tier allows, or effects no plan can have. Nothing was evaluated.</exception>
    public static PlanResult Verify(IReadOnlyList<PlanStep> steps, PlanTier tier, IPlanWorld world, PlanState? initial = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(world);
        Refuse(steps, tier);
        var state = initial ?? PlanState.Initial;
        var judged = ImmutableArray.CreateBuilder<PlanStepResult>(steps.Count);
        var assumed = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        for (var i = 0; i < steps.Count; i++)
        {
            var step = Judge(i, steps[i], state, world);
            judged.Add(step);
            assumed.UnionWith(state.Assumed);
            if (!step.IsAdmissible)
            {
                return new PlanResult
                {
                    IsSafe = false,
                    Tier = tier,
                    TotalSteps = steps.Count,
                    BlockedStepIndex = i,
                    BlockedReason = step.Reason,
                    FailedPredicates = step.FailedPredicates,
                    Steps = judged.ToImmutable(),
                    Assumptions = [.. assumed],
                };
            }

            state = state.After(steps[i].Effects);
        }

        return new PlanResult
        {
            IsSafe = true, Tier = tier, TotalSteps = steps.Count, BlockedStepIndex = -1, Steps = judged.ToImmutable(), Assumptions = [.. assumed],
        };
    }

    private static PlanStepResult Judge(int index, PlanStep step, PlanState state, IPlanWorld world)
    {
        if (step.Action is not { Length: > 0 } || step.Resource is not { Id.Length: > 0, Type.Length: > 0 })
        {
            return Unsafe(index, step, state, PlanStepResult.MissingActionOrResource, $"Step {index} does not say what is to be done to what: name \"action\" and \"resource\".");
        }

        if (!world.TryAsk(index, step, state, out var moment, out var fault))
        {
            return Unsafe(index, step, state, PlanStepResult.Unreadable, fault);
        }

        var proof = Theorem.Evaluate(moment.Alpha, moment.Knowledge);
        return new PlanStepResult
        {
            Index = index,
            Step = step,
            State = state,
            Moment = moment,
            Proof = proof,
            IsAdmissible = proof.Holds,
            FailedPredicates = [.. proof.Predicates.Where(static finding => finding.Value != PredicateValue.Holds).Select(static finding => finding.Predicate.ToString())],
            Reason = proof.Holds ? null : ProofWords.Reason(proof, step.Action),
        };
    }

    private static PlanStepResult Unsafe(int index, PlanStep step, PlanState state, string predicate, string reason)
        => new() { Index = index, Step = step, State = state, IsAdmissible = false, FailedPredicates = [predicate], Reason = reason };

    private static void Refuse(IReadOnlyList<PlanStep> steps, PlanTier tier)
    {
        if (steps.Count > tier.Bound())
        {
            throw new PlanRefusedException(
                $"The plan has {steps.Count} steps; tier {tier.Word()} allows {tier.Bound()}. It is refused, not shortened: split it, or name the tier it belongs to.");
        }

        for (var i = 0; i < steps.Count; i++)
        {
            var effects = steps[i].Effects;
            Refuse(i, "add_facts", effects.AddFacts);
            Refuse(i, "remove_facts", effects.RemoveFacts);
            Refuse(i, "revokes", effects.Revokes);
            Refuse(i, "attests", effects.Attests);
            if (effects.Attests.FirstOrDefault(static word => !Obligations.All.Contains(word) || word == Obligations.QuorumRequired) is { } unknown)
            {
                throw new PlanRefusedException(
                    $"steps[{i}].effects.attests holds \"{unknown}\"; what a plan can assume is {string.Join(", ", Obligations.All.Where(static word => word != Obligations.QuorumRequired))}.")
                {
                    Field = $"steps[{i}].effects.attests",
                };
            }
        }
    }

    private static void Refuse(int index, string member, ImmutableArray<string> words)
    {
        if (words.IsDefault || words.Length > WordsMax || words.Any(static word => word.Length is 0 or > WordLengthMax))
        {
            throw new PlanRefusedException($"steps[{index}].effects.{member} must hold at most {WordsMax} words of 1 to {WordLengthMax} characters.")
            {
                Field = $"steps[{index}].effects.{member}",
            };
        }
    }
}
