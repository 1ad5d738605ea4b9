using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>What a policy author reads: where, what is wrong, what to do.</summary>
public sealed class FindingMessageTests
{
    [Fact]
    public void A_finding_names_the_policy_and_the_place_and_shows_it()
    {
        var finding = TypingSamples.OnlyError("""
            @doc("not User: Usr")
            permit(
              principal,
              action == Action::"view",
              resource
            ) when {
              principal.name == "a" &&
              principal.nmae == "b"
            };
            """);

        Assert.Equal(ValidationFindingKind.UnsafeAttributeAccess, finding.Kind);
        Assert.Equal("policy0", finding.Diagnostic.PolicyId);
        Assert.Equal((8, 3), (finding.Diagnostic.Line, finding.Diagnostic.Column));
        Assert.Equal("8 |   principal.nmae == \"b\"\n  |   ^^^^^^^^^^^^^^", finding.Diagnostic.Snippet);
        Assert.Equal("the entity type `User` has no attribute `nmae`", finding.Diagnostic.Message);
        Assert.Equal("did you mean `name`?", finding.Diagnostic.Help);
    }

    [Theory]
    [InlineData("permit(principal == Usr::\"a\", action, resource);", "the schema has no entity type `Usr`", "did you mean `User`?", "Usr::\"a\"")]
    [InlineData("@a(\"Usr\") permit(principal is Usr, action, resource);", "the schema has no entity type `Usr`", "did you mean `User`?", "Usr")]
    [InlineData("permit(principal, action == Action::\"vew\", resource);", "the schema has no action `Action::\"vew\"`", "did you mean `Action::\"view\"`?", "Action::\"vew\"")]
    [InlineData("permit(principal, action == N::Action::\"view\", resource);", "the schema has no action `N::Action::\"view\"`", "did you mean `Action::\"view\"`?", "N::Action::\"view\"")]
    [InlineData("permit(principal in Status::\"onn\", action, resource);", "the enumerated entity type `Status` has no entity `onn`", "did you mean `on`?", "Status::\"onn\"")]
    public void A_name_in_the_scope_is_shown_where_it_stands(string policy, string message, string help, string place)
    {
        var diagnostic = TypingSamples.OnlyError(policy).Diagnostic;

        Assert.Equal(message, diagnostic.Message);
        Assert.Equal(help, diagnostic.Help);
        Assert.Equal(policy.LastIndexOf(place, StringComparison.Ordinal) + 1, diagnostic.Column);
        Assert.EndsWith(new string('^', place.Length), diagnostic.Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("principal.age > 1", "the attribute `age` of the entity type `User` is optional and may be missing", "test for it first: `principal has age && …`")]
    [InlineData("principal.home.zip == \"a\"", "the attribute `zip` of the record is optional and may be missing", "test for it first: `principal.home has zip && …`")]
    [InlineData("context.mfa", "the attribute `mfa` of the context of `Action::\"view\"` is optional and may be missing", "test for it first: `context has mfa && …`")]
    [InlineData("principal.getTag(\"a b\") == \"\"", "the tag may be missing from the entity type `User`", "test for it first, with the same words: `principal.hasTag(\"a b\") && …`")]
    [InlineData("Team::\"a\".getTag(\"a\") == 1", "the entity type `Team` has no tags", "declare the type of its tags in the schema: `entity … tags String;`")]
    [InlineData("context.n + \"a\" == 1", "expected `Long`, but this is `String`", "Cedar has no operator that joins strings")]
    [InlineData("context.n < \"a\"", "expected `Long`, but this is `String`", null)]
    [InlineData("context.s < \"a\"", "expected `Long`, `datetime` or `duration`, but this is `String`", null)]
    [InlineData("principal.limit < decimal(\"1.0\")", "expected `Long`, `datetime` or `duration`, but this is `decimal`", "compare decimals with `.lessThan(…)`, `.greaterThanOrEqual(…)` and their like")]
    [InlineData("principal.name has a", "expected an entity or a record, but this is `String`", "use `like` to look inside a string")]
    [InlineData("principal like \"a\"", "expected `String`, but this is `User`", "`like` compares strings; use `is` to test the type of an entity, `==` or `in` to test which it is")]
    [InlineData("resource.contains(principal)", "expected a set, but this is `File`", "use `in` to ask whether one entity is in another")]
    [InlineData("context.s in principal", "expected an entity, but this is `String`", "use `.contains(…)` to ask whether a set has an element")]
    [InlineData("principal in principal.nums", "expected an entity or a set of entities, but this is `Set<Long>`", "`in` takes entities only; use `.contains(…)` for other sets")]
    [InlineData("context.n == context.s", "both sides of `==` must have one type: these are `Long` and `String`", null)]
    [InlineData("[principal, resource] == [principal]", "the elements of a set must have one type: these are `User` and `File`", "use entities of one type; strict validation does not take different entity types together")]
    [InlineData("(if context.yes then {a: 1} else {b: 1}) has a", "the two results of `if` must have one type: these are `{a: Long}` and `{b: Long}`", "the records must have the same attributes")]
    [InlineData("principal.home == {street: \"a\", zip: \"b\"}", "both sides of `==` must have one type: these are `{street: String, zip?: String}` and `{street: String, zip: String}`", "an attribute that is optional on one side must be optional on the other")]
    [InlineData("principal.nums == []", "the type of an empty set literal is not known", "give the set an element, or use `.isEmpty()` to ask whether a set is empty")]
    [InlineData("ip(context.s).isIpv4()", "`ip` takes a string literal only", "pass the value in the context or in an attribute, with the extension type in the schema")]
    [InlineData("ip(\"1.2.3\").isIpv4()", "`\"1.2.3\"` is not what `ip` reads", "write an IPv4 or IPv6 address or range, for example `ip(\"10.0.0.0/8\")`")]
    [InlineData("principal has name.first", "`has` asks for `first` in `name`, which is `String` and not an entity or a record", "use `like` to look inside a string")]
    public void A_message_says_what_was_expected_what_it_is_and_the_way_out(string condition, string message, string? help)
    {
        var result = TypingSamples.Validate($"permit(principal, action == Action::\"view\", resource is File) when {{ {condition} }};");

        // A sub-action of `view` is another action: the scope has one environment here.
        Assert.Equal(message, result.Errors[0].Diagnostic.Message);
        Assert.Equal(help, result.Errors[0].Diagnostic.Help);
    }

    [Fact]
    public void What_holds_in_some_requests_only_says_in_which()
    {
        var diagnostic = TypingSamples.OnlyError("permit(principal, action == Action::\"edit\", resource) when { principal is User && resource.size > 1 };").Diagnostic;

        Assert.Equal(
            "known are `name`, `rec`; it is so when the principal is `User`, the action `Action::\"edit\"` and the resource `Folder`", diagnostic.Help);
    }

    [Fact]
    public void One_mistake_is_reported_once_however_many_requests_show_it()
    {
        var result = TypingSamples.Validate("permit(principal, action, resource) when { (1 + \"a\") > 2 && principal.name == resource };");

        Assert.Equal(["expected `Long`, but this is `String`"], result.Errors.Select(static error => error.Diagnostic.Message).Distinct().Take(1));
        Assert.Equal(result.Errors.Length, result.Errors.Select(static error => (error.Diagnostic.Span, error.Diagnostic.Message)).Distinct().Count());
    }

    [Theory]
    [InlineData("permit(principal == Team::\"a\", action == Action::\"view\", resource);", "write `in` instead of `==` for the principal: it is a group")]
    [InlineData("permit(principal is Bot, action == Action::\"view\", resource);", "`Action::\"view\"` applies to principals `User` and resources `File`")]
    [InlineData("permit(principal, action == Action::\"any\", resource);", "`Action::\"any\"` applies to nothing: it has no `appliesTo` in the schema, or is a group; name the group with `in`")]
    public void A_scope_without_requests_says_what_would_have_some(string policy, string help)
        => Assert.Equal(help, TypingSamples.Validate(policy).Errors[0].Diagnostic.Help);

    [Theory]
    [InlineData("principal.name == \"p\u0430ypal\"", "the text mixes letters of the scripts Latin and Cyrillic, which look alike")]
    [InlineData("principal.name like \"a*\u202e\"", "the text holds U+202E, which changes the direction of what follows")]
    [InlineData("principal == User::\"a\u200bb\"", "the name holds U+200B, which cannot be seen")]
    [InlineData("principal.name == \"Größe 日本語 naïve\"", null)]
    [InlineData("principal.name == \"привет мир\"", null)]
    [InlineData("principal.name == \"αβγ + 1\"", null)]
    public void Text_that_reads_as_something_else_is_a_warning(string condition, string? message)
    {
        var result = TypingSamples.Validate($"permit(principal, action == Action::\"view\", resource) when {{ {condition} }};");

        Assert.Empty(result.Errors);
        Assert.Equal(message, result.Warnings.SingleOrDefault()?.Diagnostic.Message);
    }
}
