using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Plans;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Plans;

public class PlanLawTests
{
    private const string Policies = """
        @id("all") permit (principal, action in [AgentGate::Action::"read", AgentGate::Action::"write", AgentGate::Action::"delete"], resource);
        @id("no_prod") forbid (principal, action == AgentGate::Action::"delete", resource in AgentGate::Path::"/prod");
        @id("a") forbid (principal, action == AgentGate::Action::"write", resource) when { context.facts.contains("a") };
        @id("b") forbid (principal, action == AgentGate::Action::"delete", resource) when { context.facts.contains("b") && !context.facts.contains("c") };
        """;

    private static readonly string[] s_actions = ["read", "write", "delete", "pay"];
    private static readonly string[] s_paths = ["/prod/db", "/data/a", "/data/b"];
    private static readonly string[] s_facts = ["a", "b", "c"];

    private static readonly Arbitrary<PlanStep[]> s_plans = (
        from steps in Gen.ArrayOf(
            from action in Gen.Elements(s_actions)
            from path in Gen.Elements(s_paths)
            from add in Gen.SubListOf(s_facts)
            from remove in Gen.SubListOf(s_facts)
            select PlanWorld.Step(action, path, new PlanEffects { AddFacts = [.. add], RemoveFacts = [.. remove] }))
        select steps.Take(12).ToArray()).ToArbitrary();

    [Property]
    public Property A_longer_plan_is_never_safer_than_its_beginning()
        => Prop.ForAll(s_plans, plan =>
        {
            var whole = Verify(plan);
            return Enumerable.Range(0, plan.Length).Select(length => Verify(plan[..length])).All(prefix => prefix.IsSafe || !whole.IsSafe)
                && (whole.IsSafe || Verify(plan[..(whole.BlockedStepIndex + 1)]).BlockedStepIndex == whole.BlockedStepIndex);
        });

    [Property]
    public Property Every_step_is_judged_by_the_theorem_in_the_state_the_steps_before_leave()
        => Prop.ForAll(s_plans, plan =>
        {
            var world = new PlanWorld(Policies);
            var state = PlanState.Initial;
            var expected = -1;
            for (var i = 0; i < plan.Length && expected < 0; i++)
            {
                expected = Theorem.Evaluate(world.Alpha(plan[i], state), world.Knowledge()).Holds ? -1 : i;
                state = state.After(plan[i].Effects);
            }

            return Verify(plan).BlockedStepIndex == expected;
        });

    [Property]
    public Property Steps_without_effects_can_change_places()
        => Prop.ForAll(s_plans, plan =>
        {
            PlanStep[] still = [.. plan.Select(step => step with { Effects = PlanEffects.None })];
            return Verify(still).IsSafe == Verify([.. still.Reverse()]).IsSafe;
        });

    [Property]
    public Property The_same_plan_gives_the_same_answer()
        => Prop.ForAll(s_plans, plan =>
        {
            var (first, second) = (Verify(plan), Verify(plan));
            return first.BlockedStepIndex == second.BlockedStepIndex && first.BlockedReason == second.BlockedReason
                && first.Steps.Zip(second.Steps).All(pair => pair.First.FailedPredicates.SequenceEqual(pair.Second.FailedPredicates));
        });

    private static PlanResult Verify(PlanStep[] plan) => PlanVerifier.Verify(plan, PlanTier.Critical, new PlanWorld(Policies));
}
