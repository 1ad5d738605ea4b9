using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>What the validator is for: a policy it accepts raises no type error on anything that conforms to the schema.</summary>
public sealed class SoundnessLawTests
{
    private const int Runs = 20_000;

    /// <summary>What no type can exclude (Cedar's soundness theorem leaves out the same).</summary>
    private static readonly EvaluationErrorKind[] s_notExcluded =
        [EvaluationErrorKind.EntityDoesNotExist, EvaluationErrorKind.IntegerOverflow, EvaluationErrorKind.ExtensionError];

    [Theory]
    [InlineData(ValidationMode.Strict)]
    [InlineData(ValidationMode.Permissive)]
    public void A_valid_policy_raises_no_type_error_on_what_conforms(ValidationMode mode)
    {
        var validator = new Validator(TypedWorld.Schema);
        var conformance = new RequestValidator(TypedWorld.Schema);
        var (valid, invalid, erring) = (0, 0, 0);
        for (var seed = 0; seed < Runs; seed++)
        {
            var world = new TypedWorld(seed);
            var (policy, entities, request) = (world.Policy(), world.Entities(), world.Request());
            if (!validator.Validate(PolicySet.Empty.Add(policy), mode).IsValid)
            {
                invalid++;
                continue;
            }

            valid++;
            Assert.Empty(conformance.Check(request));
            Assert.All(entities, entity => Assert.Empty(conformance.Check(entity)));
            foreach (var error in Authorizer.Create(PolicySet.Empty.Add(policy)).Authorize(request, entities).Errors)
            {
                erring++;
                Assert.True(s_notExcluded.Contains(error.Kind), $"seed {seed}: {error.Diagnostic}\n{System.Text.Encoding.UTF8.GetString(PolicyJson.Write(policy))}");
            }
        }

        // A law about nothing proves nothing.
        Assert.True(valid > Runs / 10 && invalid > Runs / 10 && erring > 100, $"{valid} valid, {invalid} invalid, {erring} erring");
    }
}
