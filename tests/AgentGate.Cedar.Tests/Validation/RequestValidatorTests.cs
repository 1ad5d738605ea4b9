using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>Requests and entities that were built, not read, held against a schema.</summary>
public sealed class RequestValidatorTests
{
    private static readonly RequestValidator s_validator = new(CedarSchema.Parse("""
        entity Color enum ["red", "green"];
        entity Org;
        entity Team in [Org];
        entity User in [Team] { age: Long, name?: String } tags Color;
        entity Doc;
        action all;
        action edit in all;
        action view in edit appliesTo { principal: [User, Color], resource: Doc, context: { color?: Color, ips?: Set<ipaddr>, who?: { action: Action } } };
        """));

    private static readonly EntityUid s_user = new("User", "u");
    private static readonly EntityUid s_doc = new("Doc", "d");
    private static readonly EntityUid s_view = new("Action", "view");

    [Fact]
    public void A_request_that_conforms_has_nothing_to_say()
    {
        Assert.Empty(Check(s_user, s_view, s_doc));
        Assert.Empty(Check(new EntityUid("Color", "red"), s_view, s_doc,
            ("color", new EntityUid("Color", "green")), ("ips", CedarSet.Empty), ("who", new CedarRecord(KeyValuePair.Create("action", (CedarValue)s_view)))));
    }

    [Theory]
    [InlineData("Usr", "u", "Action", "view", "Doc", "d", "principal", "does not declare the entity type `Usr`")]
    [InlineData("Org", "o", "Action", "view", "Doc", "d", "principal", "does not apply to a principal of type `Org`")]
    [InlineData("Color", "blue", "Action", "view", "Doc", "d", "principal", "has no `\"blue\"`")]
    [InlineData("Action", "view", "Action", "view", "Doc", "d", "principal", "does not declare the entity type `Action`")]
    [InlineData("User", "u", "Action", "vew", "Doc", "d", "action", "does not declare the action `Action::\"vew\"`")]
    [InlineData("User", "u", "N::Action", "view", "Doc", "d", "action", "does not declare the action `N::Action::\"view\"`")]
    [InlineData("User", "u", "Action", "view", "Dc", "d", "resource", "does not declare the entity type `Dc`")]
    [InlineData("User", "u", "Action", "view", "User", "d", "resource", "does not apply to a resource of type `User`")]
    public void A_request_says_what_keeps_it_from_conforming(
        string principalType, string principal, string actionType, string action, string resourceType, string resource, string path, string message)
    {
        var problem = Assert.Single(Check(new EntityUid(principalType, principal), new EntityUid(actionType, action), new EntityUid(resourceType, resource)));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(path, problem.Path);
    }

    [Fact]
    public void A_group_of_actions_applies_to_nothing()
        => Assert.Equal(["it applies to no principal", "it applies to no resource"], Check(s_user, new EntityUid("Action", "all"), s_doc).Select(problem => problem.Help));

    [Fact]
    public void Everything_that_is_wrong_is_said()
        => Assert.Equal(["principal", "action", "resource"], Check(new EntityUid("X", ""), new EntityUid("Y", ""), new EntityUid("Z", "")).Select(problem => problem.Path));

    [Fact]
    public void A_context_is_what_the_action_declares()
    {
        Assert.Equal("context.colour", Assert.Single(Check(s_user, s_view, s_doc, ("colour", new EntityUid("Color", "red")))).Path);
        Assert.Equal("context.color", Assert.Single(Check(s_user, s_view, s_doc, ("color", new EntityUid("Color", "blue")))).Path);
        Assert.Equal("context.color", Assert.Single(Check(s_user, s_view, s_doc, ("color", new CedarString("red")))).Path);
        Assert.Equal("context.ips[]", Assert.Single(Check(s_user, s_view, s_doc, ("ips", new CedarSet(new CedarLong(1))))).Path);
        Assert.Equal("context.who", Assert.Single(Check(s_user, s_view, s_doc, ("who", CedarRecord.Empty))).Path);
        Assert.Equal("context.who.action", Assert.Single(Check(s_user, s_view, s_doc, ("who", new CedarRecord(KeyValuePair.Create("action", (CedarValue)new EntityUid("Action", "none")))))).Path);
    }

    [Fact]
    public void An_entity_is_what_its_type_declares()
    {
        var age = KeyValuePair.Create("age", (CedarValue)new CedarLong(1));
        var user = new Entity(s_user) { Attributes = new(age), Parents = [new("Team", "t"), new("Org", "o")], Tags = new(KeyValuePair.Create("a", (CedarValue)new EntityUid("Color", "red"))) };
        Assert.Empty(s_validator.Check(user));
        Assert.Equal("attrs", Assert.Single(s_validator.Check(user with { Attributes = CedarRecord.Empty })).Path);
        Assert.Equal("attrs.name", Assert.Single(s_validator.Check(user with { Attributes = new(age, KeyValuePair.Create("name", (CedarValue)CedarBool.True)) })).Path);
        Assert.Equal("parents", Assert.Single(s_validator.Check(user with { Parents = [s_doc] })).Path);
        Assert.Equal("tags.a", Assert.Single(s_validator.Check(user with { Tags = new(KeyValuePair.Create("a", (CedarValue)new EntityUid("Color", "blue"))) })).Path);
        Assert.Equal("tags", Assert.Single(s_validator.Check(new Entity(s_doc) { Tags = user.Tags })).Path);
        Assert.Equal("uid", Assert.Single(s_validator.Check(new Entity(new EntityUid("Nobody", "n")))).Path);
        Assert.Equal("uid", Assert.Single(s_validator.Check(new Entity(new EntityUid("Color", "blue")))).Path);
    }

    [Fact]
    public void An_action_entity_is_the_schemas()
    {
        Assert.Empty(s_validator.Check(new Entity(s_view) { Parents = [new("Action", "edit")] }));
        Assert.Empty(s_validator.Check(new Entity(s_view) { Parents = [new("Action", "edit"), new("Action", "all")] }));
        Assert.Single(s_validator.Check(new Entity(s_view)));
        Assert.Single(s_validator.Check(new Entity(s_view) { Parents = [new("Action", "edit")], Attributes = new(KeyValuePair.Create("a", (CedarValue)CedarBool.True)) }));
        Assert.Single(s_validator.Check(new Entity(new EntityUid("Action", "none"))));
    }

    private static ImmutableArray<CedarDiagnostic> Check(EntityUid principal, EntityUid action, EntityUid resource, params (string Name, CedarValue Value)[] context)
        => s_validator.Check(new AuthorizationRequest(principal, action, resource, new CedarRecord(context.Select(field => KeyValuePair.Create(field.Name, field.Value)))));
}
