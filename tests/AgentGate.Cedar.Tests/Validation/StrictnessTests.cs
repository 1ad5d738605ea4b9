using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>What strict validation refuses and permissive validation takes.</summary>
public sealed class StrictnessTests
{
    [Theory]
    [InlineData("context.n == \"a\"", "IncompatibleTypes", "Bool")]
    [InlineData("context.n != \"a\"", "IncompatibleTypes", "Bool")]
    [InlineData("principal == \"a\"", "IncompatibleTypes", "Bool")]
    [InlineData("principal.home == {street: \"a\"}", "IncompatibleTypes", "Bool")]
    [InlineData("principal.rec == File::\"a\".owner.rec", "Bool", "Bool")]
    [InlineData("principal.rec == Folder::\"a\".rec", "IncompatibleTypes", "Bool")]
    [InlineData("principal.nums == principal.friends", "IncompatibleTypes", "Bool")]
    [InlineData("principal.nums.contains(\"a\")", "IncompatibleTypes", "Bool")]
    [InlineData("principal.friends.contains(resource)", "IncompatibleTypes", "Bool")]
    [InlineData("principal.nums.containsAny([\"a\"])", "IncompatibleTypes", "Bool")]
    [InlineData("principal.nums.containsAll(principal.friends)", "IncompatibleTypes", "Bool")]
    [InlineData("[]", "EmptySetForbidden", "Set")]
    [InlineData("principal.nums == []", "EmptySetForbidden", "Bool")]
    [InlineData("principal in []", "EmptySetForbidden", "Bool")]
    [InlineData("action in []", "EmptySetForbidden", "False")]
    [InlineData("[principal, resource]", "IncompatibleTypes", "Set<File or User>")]
    [InlineData("principal in [User::\"a\", Team::\"b\"]", "IncompatibleTypes", "Bool")]
    [InlineData("principal in [Action::\"view\", File::\"a\"]", "IncompatibleTypes", "False")]
    [InlineData("if context.yes then principal else resource", "IncompatibleTypes", "File or User")]
    [InlineData("(if context.yes then principal else resource) is User", "IncompatibleTypes", "Bool")]
    [InlineData("(if context.yes then principal else resource) is Team", "IncompatibleTypes", "False")]
    [InlineData("(if context.yes then principal else Folder::\"a\").name", "IncompatibleTypes", "String")]
    [InlineData("(if context.yes then principal else resource) has name", "IncompatibleTypes", "Bool")]
    [InlineData("(if context.yes then principal else resource) has nothing", "IncompatibleTypes", "False")]
    [InlineData("(if context.yes then principal else Folder::\"a\").rec", "IncompatibleTypes", "{a: Long, b?: String}")]
    [InlineData("(if context.yes then {a: 1} else {a: 2, b: 3}) has a", "IncompatibleTypes", "True")]
    [InlineData("(if context.yes then {a: 1} else {a: 2, b: 3}) has b", "IncompatibleTypes", "Bool")]
    [InlineData("(if context.yes then {a: 1} else {a: true}) has a", "IncompatibleTypes", "Bool")]
    [InlineData("if context.yes then {a: 1} else {b: 2}", "IncompatibleTypes", "{…}")]
    [InlineData("if context.yes then {a: 1, b: 2} else {a: 1}", "IncompatibleTypes", "{a: Long, …}")]
    [InlineData("(if context.yes then principal else Team::\"a\").hasTag(\"a\")", "IncompatibleTypes", "Bool")]
    [InlineData("ip(context.s)", "NonLiteralExtensionConstructor", "ipaddr")]
    [InlineData("decimal(if context.yes then \"1.0\" else \"2.0\")", "NonLiteralExtensionConstructor", "decimal")]
    public void Permissive_validation_takes_what_evaluates_without_type_errors(string expression, string strict, string permissive)
    {
        Assert.Equal(strict, TypingSamples.TypeOf(expression));
        Assert.Equal(permissive, TypingSamples.TypeOf(expression, ValidationMode.Permissive));
    }

    [Theory]
    [InlineData("[1, \"a\"]")]
    [InlineData("[[1], [\"a\"]]")]
    [InlineData("[principal, {}]")]
    [InlineData("if context.yes then 1 else \"a\"")]
    [InlineData("if context.yes then principal else {}")]
    [InlineData("principal in [1, principal]")]
    public void Types_that_nothing_covers_are_an_error_in_both_modes(string expression)
    {
        Assert.Equal("IncompatibleTypes", TypingSamples.TypeOf(expression));
        Assert.Equal("IncompatibleTypes", TypingSamples.TypeOf(expression, ValidationMode.Permissive));
    }

    [Fact]
    public void A_tag_of_one_of_two_types_is_read_only_when_the_types_of_the_tags_agree()
    {
        const string One = "(if context.yes then principal else Team::\"a\")";
        const string Both = "(if context.yes then principal else resource)";

        Assert.Empty(TypingSamples.ErrorsOf($"{One}.hasTag(\"t\") && {One}.getTag(\"t\") == \"x\"", ValidationMode.Permissive));
        Assert.Equal(
            [ValidationFindingKind.IncompatibleTypes],
            TypingSamples.ErrorsOf($"{Both}.hasTag(\"t\") && {Both}.getTag(\"t\") == \"x\"", ValidationMode.Permissive));
    }

    [Fact]
    public void An_attribute_that_only_one_of_two_types_has_cannot_be_read()
        => Assert.Equal(
            [ValidationFindingKind.UnsafeAttributeAccess],
            TypingSamples.ErrorsOf("(if context.yes then principal else resource).name == \"x\"", ValidationMode.Permissive));

    [Fact]
    public void A_list_of_actions_in_the_scope_is_a_set_like_any_other()
    {
        const string Schema = """
            namespace A { entity U; action go appliesTo { principal: U, resource: U }; }
            namespace B { action go appliesTo { principal: A::U, resource: A::U }; }
            """;
        var set = PolicySet.Parse("permit(principal, action in [A::Action::\"go\", B::Action::\"go\"], resource);");
        var validator = new Validator(Cedar.Schema.CedarSchema.Parse(Schema));

        Assert.Equal(ValidationFindingKind.IncompatibleTypes, Assert.Single(validator.Validate(set).Errors).Kind);
        Assert.Empty(validator.Validate(set, ValidationMode.Permissive).Errors);
    }
}
