using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Formatting;

public sealed class PolicyFormatterTests
{
    public static TheoryData<string, string> Layouts { get; } = new()
    {
        { "", "" },
        { "// nothing here", "// nothing here\n" },
        { "permit(principal,action,resource,);", "permit (principal, action, resource);\n" },
        { "@ a @if ( \"b\" )permit(principal,action,resource);", "@a\n@if(\"b\")\npermit (principal, action, resource);\n" },
        {
            "permit(principal==A::\"x\",action in[Action::\"a\",],resource is B in ?resource);",
            "permit (\n  principal == A::\"x\",\n  action in [Action::\"a\"],\n  resource is B in ?resource\n);\n"
        },
        {
            "permit(principal,action,resource)when{1-1== - 1}unless{!!context . a [ \"b\" ]};",
            "permit (principal, action, resource)\nwhen { 1 - 1 == -1 }\nunless { !!context.a[\"b\"] };\n"
        },
        {
            "permit(principal,action,resource)when{if true then{a:1}else if false then[1,2,]else ip(\"::1\").isIpv4()};",
            "permit (principal, action, resource)\nwhen\n{\n  if true then { a: 1 } else if false then [1, 2] else ip(\"::1\").isIpv4()\n};\n"
        },
        {
            "permit(principal,action,resource) when { principal.department == \"engineering and more\" && resource.owner == principal || context.level > 5 };",
            """
            permit (principal, action, resource)
            when
            {
              principal.department == "engineering and more" &&
              resource.owner == principal ||
              context.level > 5
            };

            """.ReplaceLineEndings("\n")
        },
        {
            "permit(principal,action,resource) when { [\"a long string to fill a line\", \"another long string to fill a line\", \"x\"].contains(context.name) };",
            """
            permit (principal, action, resource)
            when
            {
              [
                "a long string to fill a line",
                "another long string to fill a line",
                "x"
              ].contains(context.name)
            };

            """.ReplaceLineEndings("\n")
        },
        {
            "// one\n\n\n// two\n\npermit(principal, action, resource); // behind\n// above\nforbid(principal, action, resource);// end\n\n\n// last",
            "// one\n\n// two\n\npermit (principal, action, resource); // behind\n\n// above\nforbid (principal, action, resource); // end\n\n// last\n"
        },
        {
            "permit(principal, // who\n action, resource) when { // why\n true // yes\n && // and\n false\n // done\n};",
            """
            permit (
              principal, // who
              action,
              resource
            )
            when
            { // why
              true && // yes
              // and
              false
              // done
            };

            """.ReplaceLineEndings("\n").Replace("true && // yes\n  // and\n", "true // yes\n  && // and\n", StringComparison.Ordinal)
        },
        { "permit(principal,action,resource)when{[1,// one\n2,// two\n]==[// none\n]};", "permit (principal, action, resource)\nwhen\n{\n  [\n    1, // one\n    2\n    // two\n  ] == [ // none\n  ]\n};\n" },
        { "permit(principal,action,resource)when{\"a\nb\"==\"c // d\"};", "permit (principal, action, resource)\nwhen\n{\n  \"a\nb\" == \"c // d\"\n};\n" },
        {
            "permit(principal,action,resource)when{principal.organisation.departments.engineering.teams.backend.members.permissions == 1};",
            "permit (principal, action, resource)\nwhen\n{\n  principal.organisation\n    .departments\n    .engineering\n    .teams\n    .backend\n    .members\n    .permissions == 1\n};\n"
        },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void There_is_one_layout_and_it_stays(string text, string expected)
    {
        Assert.Equal(expected, PolicyFormatter.Format(text));
        Assert.Equal(expected, PolicyFormatter.Format(expected));
    }

    [Fact]
    public void A_text_that_does_not_parse_is_not_formatted()
        => Assert.Contains("1:1: ", Assert.Throws<PolicySyntaxException>(() => PolicyFormatter.Format("allow(principal, action, resource);")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(1 + 2) + 3", "1 + 2 + 3")]
    [InlineData("1 + (2 + 3)", "1 + (2 + 3)")]
    [InlineData("1 - (2 - 3) - 4", "1 - (2 - 3) - 4")]
    [InlineData("(1 + 2) * 3", "(1 + 2) * 3")]
    [InlineData("2 * (-1)", "2 * -1")]
    [InlineData("(-1).a", "(-1).a")]
    [InlineData("-1 .a", "-1.a")]
    [InlineData("-(1)", "-(1)")]
    [InlineData("!(-1)", "!(-1)")]
    [InlineData("!(!(!(!(!true))))", "!!!!(!true)")]
    [InlineData("---context.a", "---context.a")]
    [InlineData("(true && false) && true", "true && false && true")]
    [InlineData("true && (false && true)", "true && (false && true)")]
    [InlineData("true && (false || true)", "true && (false || true)")]
    [InlineData("(true && false) || true", "true && false || true")]
    [InlineData("(1 == 2) == true", "(1 == 2) == true")]
    [InlineData("(context has a) && (principal is A in (resource))", "context has a && principal is A in resource")]
    [InlineData("(if true then 1 else 2) + 3", "(if true then 1 else 2) + 3")]
    [InlineData("if (if true then true else false) then 1 else (2)", "if if true then true else false then 1 else 2")]
    [InlineData("[(if true then 1 else 2)]", "[if true then 1 else 2]")]
    [InlineData("{\"a\": 1, \"if\": 2, \"b c\": 3}[\"a\"]", "{ a: 1, \"if\": 2, \"b c\": 3 }.a")]
    [InlineData("context[\"if\"]", "context[\"if\"]")]
    [InlineData("(context.a).contains((1))", "context.a.contains(1)")]
    [InlineData("(true || false).a", "(true || false).a")]
    [InlineData("\"*\" like \"\\*a*\\u{e9}\"", "\"*\" like \"\\*a*é\"")]
    [InlineData("\"\\u{200b}\\u{0}\\x07\"", "\"\\u{200b}\\0\\u{7}\"")]
    public void A_policy_without_its_text_has_the_parentheses_it_needs(string expression, string expected)
    {
        var policy = Assert.Single(PolicySet.Parse($"permit(principal, action, resource) when {{ {expression} }};").Policies);
        var built = PolicyJson.Parse("p", PolicyJson.Write(policy));
        var again = new Policy { Id = "p", Effect = policy.Effect, Conditions = policy.Conditions };
        Assert.Equal($"permit (principal, action, resource)\nwhen {{ {expected} }};\n", PolicyFormatter.Format(again));
        Assert.Equal(PolicyHash.Of(policy), PolicyHash.Of(built));
    }

    [Fact]
    public void A_set_prints_its_policies_and_templates_without_the_links()
    {
        var set = PolicySet.Parse("permit(principal == ?principal, action, resource); forbid(principal, action, resource);")
            .Link(new TemplateLink("policy0", "linked", new EntityUid("User", "a"), null));
        Assert.Equal("forbid (principal, action, resource);\n\npermit (\n  principal == ?principal,\n  action,\n  resource\n);\n", set.ToString());
    }

    [Fact]
    public void What_cannot_be_written_is_refused_and_not_written_wrongly()
    {
        Expr deep = new Expr.Literal(CedarBool.True);
        for (var i = 0; i < 100_000; i++)
        {
            deep = new Expr.Unary(UnaryOperator.Not, deep);
        }

        Refused(deep);
        Refused(new Expr.Literal(new CedarSet()));
        Refused(new Expr.ExtensionCall(ExtensionFunction.IsIpv4, []));
        Assert.Throws<ArgumentException>(() => PolicyFormatter.Format(new Policy { Id = "p", Effect = PolicyEffect.Permit, Annotations = [new PolicyAnnotation("a b", "")] }));

        static void Refused(Expr body)
        {
            var policy = new Policy { Id = "p", Effect = PolicyEffect.Permit, Conditions = [new PolicyCondition(false, body)] };
            Assert.Throws<ArgumentException>(() => PolicyFormatter.Format(policy));
        }
    }
}
