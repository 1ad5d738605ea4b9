using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>The verdicts of the published corpus.</summary>
public sealed class ValidationCorpusTests
{
    [Fact]
    public void Every_verdict_of_the_corpus_is_ours()
    {
        var (count, wrong) = (0, new List<string>());
        foreach (var test in CorpusFile.Read())
        {
            var expected = test.Json.GetProperty("shouldValidate").GetBoolean();
            var validator = new Validator(CedarSchema.Parse(test.Schema));
            var policies = PolicySet.Parse(test.Json.GetProperty("policies").GetString()!);
            var strict = validator.Validate(policies).IsValid;
            count++;
            if (strict != expected)
            {
                wrong.Add(test.Id);
            }

            if (strict && !validator.Validate(policies, ValidationMode.Permissive).IsValid)
            {
                wrong.Add($"{test.Id} is valid in strict mode only");
            }
        }

        Assert.Equal(3_933, count);
        Assert.Equal([], wrong.Take(5));
    }
}
