using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class BuiltByHandTests
{
    [Fact]
    public void A_pattern_has_pieces_and_they_are_Unicode()
    {
        Assert.Throws<ArgumentException>(() => new LikePattern([]));
        Assert.Throws<ArgumentException>(() => new LikePattern(default));
        Assert.Throws<ArgumentException>(() => new LikePattern(["\ud800"]));
        Assert.Throws<ArgumentException>(() => new LikePattern(["a"]) with { Pieces = ["\udc00"] });
    }

    [Fact]
    public void The_id_of_a_policy_is_Unicode_so_that_two_ids_never_hash_alike()
    {
        var policy = PolicySet.Parse("permit (principal, action, resource);").Policies[0];

        Assert.Throws<ArgumentException>(() => policy.WithId("\ud800"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public void A_snippet_of_a_long_line_never_cuts_a_character_in_two(string shift)
    {
        var faces = string.Concat(Enumerable.Repeat("\U0001F600", 120));
        var text = $"permit (principal, action, resource) when {{ \"{faces}{shift}\" x \"{shift}{faces}\" }};";

        var error = Assert.Throws<PolicySyntaxException>(() => PolicySet.Parse(text));

        Assert.NotEmpty(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(error.Message));
    }
}
