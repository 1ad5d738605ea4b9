using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>How a test with <c>has</c> or <c>hasTag</c> makes the access after it safe, and how far that reaches.</summary>
public sealed class CapabilityTests
{
    [Theory]
    [InlineData("principal has age && principal.age > 1")]
    [InlineData("principal has age && (context.yes && principal.age > 1)")]
    [InlineData("(context.yes && principal has age) && principal.age > 1")]
    [InlineData("(principal has age && context.yes) && principal.age > 1")]
    [InlineData("if principal has age then principal.age > 1 else false")]
    [InlineData("if principal has age && context.yes then principal.age > 1 else false")]
    [InlineData("(if context.yes then principal has age else principal has age) && principal.age > 1")]
    [InlineData("(if principal has age then context.yes else principal has age) && principal.age > 1")]
    [InlineData("(principal has age || principal has age) && principal.age > 1")]
    [InlineData("(principal has age || false) && principal.age > 1")]
    [InlineData("(false || principal has age) && principal.age > 1")]
    [InlineData("(principal has age || (principal has age && context.yes)) && principal.age > 1")]
    [InlineData("principal[\"age\"] > 1 || true", false)]
    [InlineData("principal has \"age\" && principal.age > 1")]
    [InlineData("principal has work && principal.work.street == \"a\"")]
    [InlineData("principal has work && principal.work has zip && principal.work.zip == \"a\"")]
    [InlineData("principal has work.zip && principal.work.zip == \"a\"")]
    [InlineData("context has deep.x.y.z && context.deep.x.y.z > 1")]
    [InlineData("context.deep has x.y && context.deep.x.y.z > 1")]
    [InlineData("principal has boss && principal.boss has boss && principal.boss.boss has age && principal.boss.boss.age > 1")]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"t\") == \"a\"")]
    [InlineData("principal.hasTag(context.s) && principal.getTag(context.s) == \"a\"")]
    [InlineData("principal has boss && principal.boss.hasTag(\"t\") && principal.boss.getTag(\"t\") like \"a*\"")]
    [InlineData("principal has age || principal.age > 1", false)]
    [InlineData("!(principal has age) || principal.age > 1", false)]
    [InlineData("!(principal has age) && principal.age > 1", false)]
    [InlineData("!!(principal has age) && principal.age > 1", false)]
    [InlineData("principal.age > 1 && principal has age", false)]
    [InlineData("(principal has age || context.yes) && principal.age > 1", false)]
    [InlineData("(if context.yes then principal has age else true) && principal.age > 1", false)]
    [InlineData("(if context.yes then principal has age else false) && principal.age > 1", false)]
    [InlineData("if principal has age then true else principal.age > 1", false)]
    [InlineData("(principal has age) == true && principal.age > 1", false)]
    [InlineData("resource.owner has age && principal.age > 1", false)]
    [InlineData("principal has boss && principal.boss.age > 1", false)]
    [InlineData("principal has work && principal.work.zip == \"a\"", false)]
    [InlineData("principal has work.street && principal.work.zip == \"a\"", false)]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"u\") == \"a\"", false)]
    [InlineData("principal.hasTag(\"t\") && resource.owner.getTag(\"t\") == \"a\"", false)]
    [InlineData("principal.hasTag(\"age\") && principal.age > 1", false)]
    [InlineData("principal has age && principal.getTag(\"age\") == \"a\"", false)]
    [InlineData("principal.hasTag(\"t\") || principal.getTag(\"t\") == \"a\"", false)]
    public void An_access_is_safe_only_after_its_own_test(string condition, bool isSafe = true)
    {
        foreach (var mode in Enum.GetValues<ValidationMode>())
        {
            var errors = TypingSamples.ErrorsOf(condition, mode);
            if (isSafe)
            {
                Assert.Empty(errors);
            }
            else
            {
                Assert.Contains(ValidationFindingKind.UnsafeOptionalAccess, errors);
            }
        }
    }

    [Theory]
    [InlineData("(if context.n > 1 then principal else resource.owner)", "(if !(context.n <= 1) then principal else resource.owner)")]
    [InlineData("(if context.n >= 1 then principal else resource.owner)", "(if !(context.n < 1) then principal else resource.owner)")]
    [InlineData("(if context.n != 1 then principal else resource.owner)", "(if !(context.n == 1) then principal else resource.owner)")]
    [InlineData("(if principal is User in resource.owner then principal else resource.owner)", "(if principal is User && principal in resource.owner then principal else resource.owner)")]
    [InlineData("(if principal has work.zip then principal else resource.owner)", "(if principal has work && principal.work has zip then principal else resource.owner)")]
    [InlineData("(if true && false || context.yes then principal else resource.owner)", "(if false || context.yes then principal else resource.owner)")]
    [InlineData("(if {a: 1, b: 2} == {a: 1, b: 2} then principal else resource.owner)", "(if {b: 2, a: 1} == {a: 1, b: 2} then principal else resource.owner)")]
    public void Expressions_that_mean_the_same_by_definition_are_one_to_a_test(string tested, string used)
    {
        Assert.Empty(TypingSamples.ErrorsOf($"{tested} has age && {used}.age > 1"));
        Assert.Contains(ValidationFindingKind.UnsafeOptionalAccess, TypingSamples.ErrorsOf($"{tested} has age && {used}.boss.name == \"a\""));
    }

    [Fact]
    public void What_one_clause_tests_holds_in_the_next()
    {
        const string Head = "permit(principal, action == Action::\"view\", resource)";

        Assert.True(TypingSamples.Validate($"{Head} when {{ principal has age }} when {{ context.yes }} unless {{ principal.age > 1 }};").IsValid);
        Assert.False(TypingSamples.Validate($"{Head} unless {{ principal has age }} when {{ principal.age > 1 }};").IsValid);
        Assert.False(TypingSamples.Validate($"{Head} when {{ principal.age > 1 }} when {{ principal has age }};").IsValid);
    }
}
