using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>Laws that hold for nothing but trivial cases prove nothing: the random world has to reach everything.</summary>
public sealed class SmallWorldTests
{
    [Fact]
    public void Random_requests_are_allowed_forbidden_denied_by_default_and_in_error()
    {
        var (allowed, forbidden, byDefault, erring, several) = (0, 0, 0, 0, 0);
        for (var seed = 0; seed < 2_000; seed++)
        {
            var world = new SmallWorld(seed);
            var result = Authorizer.Create(world.Policies(8)).Authorize(world.Request(), world.Entities());
            allowed += result.Decision == AuthorizationDecision.Allow ? 1 : 0;
            forbidden += result is { Decision: AuthorizationDecision.Deny, DeterminingPolicies.IsEmpty: false } ? 1 : 0;
            byDefault += result is { Decision: AuthorizationDecision.Deny, DeterminingPolicies.IsEmpty: true } ? 1 : 0;
            erring += result.Errors.IsEmpty ? 0 : 1;
            several += result.DeterminingPolicies.Length > 1 ? 1 : 0;
        }

        Assert.All([allowed, forbidden, byDefault, erring, several], count => Assert.True(count > 60, $"{allowed} {forbidden} {byDefault} {erring} {several}"));
    }

    [Fact]
    public void Random_expressions_have_values_of_every_type_and_errors_of_every_kind()
    {
        var kinds = new HashSet<CedarValueKind>();
        var errors = new HashSet<EvaluationErrorKind>();
        var succeeded = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var world = new SmallWorld(seed);
            var (entities, request) = (world.Entities(), world.Request());
            if (Evaluator.TryEvaluate(world.Expression(4), request, entities, out var value, out var error))
            {
                kinds.Add(value.Kind);
                succeeded++;
            }
            else
            {
                errors.Add(error.Kind);
                Assert.NotEmpty(error.Diagnostic.Message);
            }
        }

        Assert.Equal(Enum.GetValues<CedarValueKind>(), kinds.Order());
        Assert.Equal(
            Enum.GetValues<EvaluationErrorKind>().Except([EvaluationErrorKind.None, EvaluationErrorKind.WrongNumberOfArguments, EvaluationErrorKind.RecursionLimit]),
            errors.Order());
        Assert.InRange(succeeded, 3_000, 16_000);
    }
}
