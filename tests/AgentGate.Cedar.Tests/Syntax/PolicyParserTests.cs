using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class PolicyParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData("// only a comment")]
    [InlineData("permit(principal, action, resource,);")]
    [InlineData("permit(principal == (User::\"a\"), action in ([Action::\"a\", (Action::\"b\"),]), resource in (?resource));")]
    [InlineData("permit(principal is principal in Group::\"g\", action == Foo::Action::\"view\", resource is A::B);")]
    [InlineData("permit(principal == action::\"a\", action in [], resource);")]
    [InlineData("@if @true(\"\") @__cedar @principal(\"a\") permit(principal, action, resource);")]
    [InlineData("permit(principal, action, resource) when { true } when { true } unless { false };")]
    public void What_the_language_allows_parses(string text)
        => Assert.True(PolicySet.TryParse(text, PolicyIdSource.Position, out _, out var diagnostics), string.Join("\n", diagnostics));

    [Theory]
    [InlineData("allow(principal, action, resource);", 1, 1, "expected `permit` or `forbid`, found `allow`")]
    [InlineData("permit();", 1, 8, "the scope lacks `principal`")]
    [InlineData("permit(principal, action);", 1, 25, "the scope lacks `resource`")]
    [InlineData("permit(action, principal, resource);", 1, 8, "expected `principal`, found `action`")]
    [InlineData("permit(principal, action, resource, context);", 1, 37, "the scope has more than")]
    [InlineData("permit(principal: User, action, resource);", 1, 17, "a type is not given with `:`")]
    [InlineData("permit(principal in [User::\"a\"], action, resource);", 1, 21, "a list is not allowed here")]
    [InlineData("permit(principal == ?resource, action, resource);", 1, 21, "expected `?principal`, found `?resource`")]
    [InlineData("permit(principal, action == ?action, resource);", 1, 29, "an action has no slot")]
    [InlineData("permit(principal, action is Action, resource);", 1, 26, "`is` cannot be used for the action")]
    [InlineData("permit(principal, action == User::\"a\", resource);", 1, 26, "`User::\"a\"` is not an action")]
    [InlineData("permit(principal, action in [Action::\"a\", Action::B::\"a\"], resource);", 1, 26, "`Action::B::\"a\"` is not an action")]
    [InlineData("permit(principal is User == User::\"a\", action, resource);", 1, 26, "`is` and `==` do not go together")]
    [InlineData("permit(principal in User::\"a\" is User, action, resource);", 1, 31, "expected `,`, found `is`")]
    [InlineData("permit(principal > User::\"a\", action, resource);", 1, 18, "`>` is not allowed in the scope")]
    [InlineData("permit(principal = User::\"a\", action, resource);", 1, 18, "`=` is not allowed in the scope")]
    [InlineData("permit(principal == User, action, resource);", 1, 21, "expected an entity, found the name `User`")]
    [InlineData("permit(principal == \"a\", action, resource);", 1, 21, "expected an entity or a slot, found `\"a\"`")]
    [InlineData("permit(principal == User::\"a\" || true, action, resource);", 1, 31, "expected `,`, found `||`")]
    [InlineData("permit(principal, action, resource) when { };", 1, 37, "the `when` clause is empty")]
    [InlineData("permit(principal, action, resource) advice { true };", 1, 37, "expected `when`, `unless` or `;`, found `advice`")]
    [InlineData("permit(principal, action, resource) when { principal == ?principal };", 1, 57, "the slot `?principal` cannot be used in a condition")]
    [InlineData("permit(principal, action, resource)", 1, 36, "expected `when`, `unless` or `;`, found the end of the text")]
    [InlineData("@a(\"1\")\n@a(\"2\") permit(principal, action, resource);", 2, 2, "the annotation `@a` occurs twice")]
    [InlineData("@a(1) permit(principal, action, resource);", 1, 4, "expected the value of the annotation, a string, found `1`")]
    [InlineData("@a(\"\\q\") permit(principal, action, resource);", 1, 5, "`\\q` is not allowed in a string")]
    [InlineData("permit(principal, action, resource);\n// é🐈\n permit(\tprincipal, action,\r\n  who);", 4, 3, "expected `resource`, found `who`")]
    public void What_the_language_refuses_is_refused_at_its_place(string text, int line, int column, string message)
    {
        Assert.False(PolicySet.TryParse(text, PolicyIdSource.Position, out var set, out var diagnostics));
        Assert.Null(set);
        Assert.StartsWith(message, diagnostics[0].Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (diagnostics[0].Line, diagnostics[0].Column));
    }

    [Fact]
    public void Every_wrong_policy_is_reported()
    {
        Assert.False(PolicySet.TryParse(
            "permit(principal, action, resource) when { who };\npermit(;\npermit(principal, action, resource);\npermit(principal, action, resource) when { [].size() || 1 / 2 };",
            PolicyIdSource.Position,
            out _,
            out var diagnostics));
        Assert.Equal([1, 2, 4, 4], diagnostics.Select(static diagnostic => diagnostic.Line));
    }

    [Fact]
    public void A_diagnostic_shows_the_line_and_what_to_do()
    {
        var exception = Assert.Throws<PolicySyntaxException>(() => PolicySet.Parse("permit(principal, action, resource)\nwhen { context.age = 5 };"));
        Assert.Equal(
            "2:20: `=` is not an operator\n2 | when { context.age = 5 };\n  |                    ^\nhelp: equality is written `==`",
            exception.Message);
    }

    [Fact]
    public void Ids_come_from_the_position_templates_counted()
    {
        var set = PolicySet.Parse("permit(principal, action, resource); permit(principal == ?principal, action, resource); @id(\"x\") forbid(principal, action, resource);");
        Assert.Equal(["policy0", "policy2"], set.Policies.Select(static policy => policy.Id));
        Assert.Equal("policy1", Assert.Single(set.Templates).Id);
    }

    [Fact]
    public void Ids_come_from_the_annotation_where_there_is_one()
    {
        const string Text = "permit(principal, action, resource); @id(\"x\") forbid(principal, action, resource);";
        Assert.True(PolicySet.TryParse(Text, PolicyIdSource.IdAnnotation, out var set, out _));
        Assert.Equal(["policy0", "x"], set.Policies.Select(static policy => policy.Id));
        Assert.All(set.Policies, static policy => Assert.Same(Text, policy.Source));
        Assert.Equal("permit(principal, action, resource);", Text.Substring(set.Policies[0].Span.Start, set.Policies[0].Span.Length));
    }

    [Fact]
    public void The_same_id_twice_is_refused_at_the_second()
    {
        Assert.False(PolicySet.TryParse(
            "@id(\"policy1\") permit(principal, action, resource);\nforbid(principal, action, resource);\n@id(\"policy1\") permit(principal, action, resource);",
            PolicyIdSource.IdAnnotation,
            out _,
            out var diagnostics));
        Assert.Equal([(2, 1, "the policy id `policy1` is taken"), (3, 1, "the policy id `policy1` is taken")], diagnostics.Select(static each => (each.Line, each.Column, each.Message)));
    }

    [Fact]
    public void A_scope_says_what_was_written()
    {
        var policy = PolicySet.Parse("permit(principal is A in ?principal, action in [Action::\"x\"], resource in ?resource);").Templates.Single();
        Assert.Equal(new ScopeConstraint.IsIn(EntityTypeName.Parse("A"), null), policy.Principal);
        Assert.True(Assert.IsType<ActionConstraint.In>(policy.Action).IsList);
        Assert.Equal(new ScopeConstraint.In(null), policy.Resource);
    }
}
