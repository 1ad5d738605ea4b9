using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>Scopes, the requests they let through, templates and links.</summary>
public sealed class ScopeValidationTests
{
    [Theory]
    [InlineData("permit(principal == Usr::\"a\", action, resource);", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal in Usr::\"a\", action, resource);", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal is Usr, action, resource);", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal is User in Usr::\"a\", action, resource);", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal, action, resource == Usr::\"a\");", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal, action, resource) when { principal is Usr };", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal, action, resource) when { false && principal == Usr::\"a\" };", ValidationFindingKind.UnrecognizedEntityType)]
    [InlineData("permit(principal, action == Action::\"vew\", resource);", ValidationFindingKind.UnrecognizedActionId)]
    [InlineData("permit(principal, action in [Action::\"view\", Action::\"vew\"], resource);", ValidationFindingKind.UnrecognizedActionId)]
    [InlineData("permit(principal, action == N::Action::\"view\", resource);", ValidationFindingKind.UnrecognizedActionId)]
    [InlineData("permit(principal, action, resource) unless { action in Action::\"vew\" };", ValidationFindingKind.UnrecognizedActionId)]
    [InlineData("permit(principal == Status::\"of\", action, resource);", ValidationFindingKind.InvalidEnumEntity)]
    [InlineData("permit(principal, action, resource) when { Status::\"of\" == Status::\"on\" };", ValidationFindingKind.InvalidEnumEntity)]
    public void A_name_the_schema_does_not_have_is_an_error(string policy, ValidationFindingKind kind)
    {
        Assert.Contains(kind, TypingSamples.Validate(policy).Errors.Select(static error => error.Kind));
        Assert.Contains(kind, TypingSamples.Validate(policy, ValidationMode.Permissive).Errors.Select(static error => error.Kind));
    }

    [Theory]
    [InlineData("permit(principal == Team::\"a\", action, resource);")]
    [InlineData("permit(principal is Team, action, resource);")]
    [InlineData("permit(principal is Bot, action == Action::\"view\", resource);")]
    [InlineData("permit(principal, action == Action::\"view\", resource is Folder);")]
    [InlineData("permit(principal, action == Action::\"any\", resource);")]
    [InlineData("permit(principal, action == Action::\"nothing\", resource);")]
    [InlineData("permit(principal in Folder::\"a\", action, resource);")]
    [InlineData("permit(principal is User in Folder::\"a\", action, resource);")]
    [InlineData("permit(principal == Action::\"view\", action, resource);")]
    public void A_scope_that_no_request_matches_is_an_error_in_strict_mode_and_a_warning_in_permissive_mode(string policy)
    {
        var strict = TypingSamples.Validate(policy);
        var permissive = TypingSamples.Validate(policy, ValidationMode.Permissive);

        Assert.Equal(ValidationFindingKind.InvalidActionApplication, Assert.Single(strict.Errors).Kind);
        Assert.Empty(permissive.Errors);
        Assert.Equal(
            [ValidationFindingKind.InvalidActionApplication, ValidationFindingKind.ImpossiblePolicy], permissive.Warnings.Select(static warning => warning.Kind).Order());
    }

    [Theory]
    [InlineData("permit(principal, action, resource);")]
    [InlineData("permit(principal in Team::\"a\", action in Action::\"any\", resource in Folder::\"a\");")]
    [InlineData("permit(principal is User in Team::\"a\", action in [Action::\"view\", Action::\"edit\"], resource == File::\"a\");")]
    [InlineData("permit(principal == Bot::\"a\", action == Action::\"edit\", resource is Folder);")]
    [InlineData("forbid(principal is Bot, action, resource) when { principal.boss.name == \"a\" };")]
    [InlineData("forbid(principal, action, resource is Folder) when { resource.name == \"a\" };")]
    [InlineData("forbid(principal, action, resource) when { resource is Folder && resource.name == \"a\" };")]
    [InlineData("forbid(principal, action, resource) when { action == Action::\"view\" && context.n == 1 };")]
    [InlineData("forbid(principal, action, resource) when { if action in [Action::\"edit\"] then true else context.n == 1 };")]
    public void A_policy_is_checked_against_the_requests_its_scope_lets_through(string policy)
    {
        var result = TypingSamples.Validate(policy);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void An_error_in_one_kind_of_request_is_an_error()
        => Assert.Equal(
            ValidationFindingKind.UnsafeAttributeAccess,
            Assert.Single(TypingSamples.Validate("permit(principal, action == Action::\"edit\", resource) when { resource.size > 1 };").Errors).Kind);

    [Fact]
    public void A_condition_that_is_false_for_every_request_is_a_warning()
    {
        var result = TypingSamples.Validate("permit(principal, action, resource) when { principal == resource };");

        Assert.Empty(result.Errors);
        Assert.Equal(ValidationFindingKind.ImpossiblePolicy, Assert.Single(result.Warnings).Kind);
        Assert.Empty(TypingSamples.Validate("permit(principal, action, resource) when { principal is Bot };").Warnings);
    }

    [Fact]
    public void A_schema_without_requests_has_no_place_for_a_policy()
    {
        var validator = new Validator(CedarSchema.Parse(""));

        var result = validator.Validate(PolicySet.Parse("permit(principal, action, resource) when { 1 + \"a\" };"));

        Assert.Equal(ValidationFindingKind.InvalidActionApplication, Assert.Single(result.Errors).Kind);
        Assert.Equal(ValidationFindingKind.ImpossiblePolicy, Assert.Single(result.Warnings).Kind);
    }

    [Theory]
    [InlineData("permit(principal == ?principal, action, resource in ?resource) when { context.yes };", true)]
    [InlineData("permit(principal is User in ?principal, action, resource) when { principal.name == \"a\" };", true)]
    [InlineData("permit(principal in ?principal, action, resource) when { principal.home.street == \"a\" };", false)]
    [InlineData("permit(principal is Usr in ?principal, action, resource);", false)]
    public void A_template_is_checked_for_everything_that_may_fill_it(string template, bool isValid)
        => Assert.Equal(isValid, TypingSamples.Validate(template).IsValid);

    [Fact]
    public void Of_a_link_only_what_fills_the_slots_is_checked()
    {
        var set = PolicySet.Parse("permit(principal in ?principal, action == Action::\"view\", resource) when { principal.age > 1 };");
        var validator = new Validator(TypingSamples.Schema);

        var good = validator.Validate(set.Link(new TemplateLink("policy0", "good", new EntityUid("Team", "a"), null)));
        var unknown = validator.Validate(set.Link(new TemplateLink("policy0", "bad", new EntityUid("Tem", "a"), null)));
        var useless = validator.Validate(set.Link(new TemplateLink("policy0", "useless", new EntityUid("Folder", "a"), null)));

        Assert.Equal(["policy0"], good.Errors.Select(static error => error.Diagnostic.PolicyId));
        Assert.Equal(["policy0", "bad"], unknown.Errors.Select(static error => error.Diagnostic.PolicyId));
        Assert.Equal(["policy0", "useless"], useless.Errors.Select(static error => error.Diagnostic.PolicyId));
        Assert.Equal(ValidationFindingKind.InvalidActionApplication, useless.Errors[1].Kind);
    }

    [Fact]
    public void A_linked_policy_whose_template_is_not_in_the_set_is_checked_whole()
    {
        var template = PolicySet.Parse("permit(principal in ?principal, action == Action::\"view\", resource) when { principal.age > 1 };").Templates[0];
        var set = PolicySet.Empty.Add(template.Link("alone", new EntityUid("Team", "a"), null));

        Assert.Equal(ValidationFindingKind.UnsafeOptionalAccess, Assert.Single(new Validator(TypingSamples.Schema).Validate(set).Errors).Kind);
    }

    [Theory]
    [InlineData("""{"isInRange":[{"Value":1}]}""", 1)]
    [InlineData("""{"isIpv4":[{"ip":[{"Value":"::1"}]},{"ip":[{"Value":"::1"}]}]}""", 1)]
    [InlineData("""{"ip":[]}""", 1)]
    [InlineData("""{"isInRange":[{"ip":[{"Value":"::1"}]},{"ip":[{"Value":"::1"}]}]}""", 0)]
    public void A_call_with_the_wrong_number_of_arguments_comes_from_json_only_and_is_an_error(string body, int errors)
    {
        var json = $$"""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{{body}}}]}""";
        var set = PolicySet.Empty.Add(PolicyJson.Parse("p", System.Text.Encoding.UTF8.GetBytes(json)));

        var kinds = new Validator(TypingSamples.Schema).Validate(set).Errors.Select(static error => error.Kind);

        Assert.Equal(errors, kinds.Count(static kind => kind == ValidationFindingKind.WrongNumberOfArguments));
    }
}
