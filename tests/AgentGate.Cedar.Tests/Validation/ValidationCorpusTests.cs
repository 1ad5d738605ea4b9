using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>The verdicts of the published corpus.</summary>
public sealed class ValidationCorpusTests
{
    /// <summary>
    /// The corpus was made with an engine before 4.13, to which a scope without requests was an error; since 4.13 it is a warning
    /// (docs/policies/conformance.md). Every other verdict must be the same, and this one the same but for that.
    /// </summary>
    [Fact]
    public void Every_verdict_of_the_corpus_is_ours_but_for_the_error_that_became_a_warning()
    {
        var (count, differences, wrong) = (0, 0, new List<string>());
        foreach (var test in CorpusFile.Read())
        {
            var expected = test.Json.GetProperty("shouldValidate").GetBoolean();
            var validator = new Validator(CedarSchema.Parse(test.Schema));
            var policies = PolicySet.Parse(test.Json.GetProperty("policies").GetString()!);
            var strict = validator.Validate(policies);
            count++;
            var becameWarning = strict.Warnings.Any(static warning => warning.Kind == ValidationFindingKind.InvalidActionApplication);
            if ((strict.IsValid && !becameWarning) != expected)
            {
                wrong.Add(test.Id);
            }

            differences += strict.IsValid == expected ? 0 : 1;
            if (strict.IsValid && !validator.Validate(policies, ValidationMode.Permissive).IsValid)
            {
                wrong.Add($"{test.Id} is valid in strict mode only");
            }
        }

        Assert.Equal(3_933, count);
        Assert.Equal([], wrong.Take(5));
        Assert.Equal(22, differences);
    }
}
