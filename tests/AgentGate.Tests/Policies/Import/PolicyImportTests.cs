using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Policies;
using AgentGate.Policies.Import;
using FsCheck.Xunit;

namespace AgentGate.Tests.Policies.Import;

public sealed class PolicyImportTests
{
    private static PolicyTranslation Translate(object file) => PolicyImport.FromJson(JsonSerializer.SerializeToUtf8Bytes(file));

    /// <summary>Everything about a policy but the strings in it.</summary>
    private static string Shape(PolicyTranslation translation) => string.Join(
        '\n', translation.Policies.Policies.Select(policy => $"{policy.Effect} {policy.Action} {policy.Conditions.Length} {string.Join(' ', policy.Conditions.Select(c => Shape(c.Body)))}"));

    private static string Shape(Expr expr) => expr switch
    {
        Expr.Literal literal => literal.Value.Kind.ToString(),
        Expr.And both => $"({Shape(both.Left)} && {Shape(both.Right)})",
        Expr.Or either => $"({Shape(either.Left)} || {Shape(either.Right)})",
        Expr.Unary unary => $"{unary.Operator}({Shape(unary.Operand)})",
        Expr.Binary binary => $"{binary.Operator}({Shape(binary.Left)}, {Shape(binary.Right)})",
        Expr.GetAttribute get => $"{Shape(get.Target)}.{get.Attribute}",
        Expr.Like like => $"like({Shape(like.Target)}, {like.Pattern.Pieces.Length})",
        _ => expr.GetType().Name,
    };

    private static object Kernel(string action, string resource, string role) => new
    {
        pre_rules = new object[]
        {
            new { type = "permit", action, resource },
            new { type = "deny", action, resource },
            new { type = "role_allow", role },
            new { type = "action_deny", action },
        },
    };

    private static object Fields(string id, string text, string description) => new
    {
        policy_set_id = text,
        version = text,
        default_effect = "deny",
        rules = new object[]
        {
            new { rule_id = id, effect = "allow", priority = 1, description, conditions = new object[] { new { field = "request.tool", @operator = "eq", value = text } } },
            new
            {
                rule_id = id + "2", effect = "deny", priority = 2, description,
                conditions = new object[]
                {
                    new { field = "request.tool", @operator = "contains", value = text },
                    new { field = "request.inputs." + id, @operator = "in", value = new[] { text, description } },
                },
            },
        },
    };

    [Property]
    public void No_string_of_a_file_adds_or_changes_a_policy(string? one, string? two, string? three)
    {
        // Not blank and without a star, which have a meaning of their own; everything else is only text.
        var (a, b, c) = (Text(one), Text(two), Text(three));

        Assert.Equal(Shape(Translate(Kernel("a", "b", "c"))), Shape(Translate(Kernel(a, b, c))));
        Assert.Equal(Shape(Translate(Fields("a", "b", "c"))), Shape(Translate(Fields(a, b, c))));
    }

    [Property]
    public void What_is_printed_parses_back_to_what_was_built(string? one, string? two, string? three)
    {
        foreach (var translation in new[] { Translate(Kernel(Text(one), Text(two), Text(three))), Translate(Fields(Text(one), Text(two), Text(three))) })
        {
            var parsed = PolicySet.Parse(translation.Text, PolicyIdSource.IdAnnotation);

            Assert.Equal(translation.Policies.Policies.Select(policy => policy.Id), parsed.Policies.Select(policy => policy.Id));
            Assert.Equal(translation.Policies.Policies.Select(PolicyHash.Of), parsed.Policies.Select(PolicyHash.Of));
            Assert.True(PublishedSchema.Validate(parsed).IsValid);
        }
    }

    [Theory]
    [InlineData("x\"); permit(principal, action, resource); //")]
    [InlineData("x\")\npermit (principal, action, resource);\n@id(\"y")]
    [InlineData("*/ permit(principal, action, resource); /*")]
    [InlineData("\\\" permit(principal, action, resource); \u2028")]
    [InlineData("\u202e\u0000\\u{22}")]
    public void Text_that_reads_as_policies_stays_text(string hostile)
    {
        foreach (var translation in new[] { Translate(Kernel(hostile, hostile, hostile)), Translate(Fields(hostile, hostile, hostile)) })
        {
            var parsed = PolicySet.Parse(translation.Text, PolicyIdSource.IdAnnotation);

            Assert.Equal(translation.Policies.Policies.Count, parsed.Policies.Count);
            Assert.Equal(translation.Policies.Policies.Select(PolicyHash.Of), parsed.Policies.Select(PolicyHash.Of));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"pre_rules\":[],\"rules\":[]}")]
    [InlineData("{\"pre_rules\":[],\"pre_rules\":[]}")]
    [InlineData("{\"rules\":[],\"policy_set_id\":\"a\"}")]
    [InlineData("{\"pre_rules\":[{\"type\":\"\\ud800\"}]}")]
    [InlineData("{\"pre_rules\":[],}")]
    [InlineData("[{\"pre_rules\":[]},{\"rules\":[],\"default_effect\":\"deny\"}]")]
    [InlineData("[{\"rules\":[],\"default_effect\":\"deny\"},{\"rules\":[],\"default_effect\":\"deny\"}]")]
    public void What_is_none_of_the_shapes_is_refused(string file)
        => Assert.NotEmpty(Assert.Throws<PolicyImportException>(() => PolicyImport.FromJson(Encoding.UTF8.GetBytes(file))).Problems);

    [Fact]
    public void A_deep_file_and_a_large_one_are_refused()
    {
        Assert.Throws<PolicyImportException>(() => PolicyImport.FromJson(Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000))));
        Assert.Throws<PolicyImportException>(() => PolicyImport.FromJson(new byte[ImportedFile.BytesMax + 1]));
    }

    [Fact]
    public void A_file_whose_translation_explodes_is_refused()
    {
        var text = new string('x', 2_000);
        var rules = Enumerable.Range(0, 400).Select(i => new
        {
            rule_id = "r" + i,
            effect = i % 2 == 0 ? "allow" : "deny",
            priority = i,
            conditions = new[] { new { field = "tool", @operator = "eq", value = text } },
        });

        var refused = Assert.Throws<PolicyImportException>(() => Translate(new { default_effect = "deny", rules }));

        Assert.Contains("1 MiB", Assert.Single(refused.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_of_the_former_endpoint_and_lists_of_sets_are_files_too()
    {
        Assert.Single(PolicyImport.FromJson("""{"policy_json":{"pre_rules":[{"type":"permit"}]},"origin":"manual","locked":true}"""u8.ToArray()).Policies.Policies);
        Assert.Equal(
            ["[0].pre_rules[0]", "[1].post_rules[0]"],
            PolicyImport.FromJson("""[{"pre_rules":[{"type":"permit"}]},{"post_rules":[{"type":"deny"}]}]"""u8.ToArray()).Policies.Policies.Select(policy => policy.Id));
    }

    private static string Text(string? any)
    {
        var text = string.Concat((any ?? "").Where(c => c != '*' && !char.IsSurrogate(c)));
        return string.IsNullOrWhiteSpace(text) || GateWords.Contains(text.Trim().ToLowerInvariant()) ? "text" : text;
    }

    /// <summary>Words that 1.0 actions share with the published schema, and therefore mean something.</summary>
    private static readonly HashSet<string> GateWords =
        [.. Kernel_Words.Select(word => word.ToLowerInvariant())];

    private static IEnumerable<string> Kernel_Words => AgentGate.Kernel.Decisions.GateActions.All.Concat(AgentGate.Kernel.Decisions.GateActions.Effects);
}
