using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

// What there is: types, actions, and what each action is about.
var schema = CedarSchema.Parse("""
    entity Team;
    entity User in [Team] { level: Long };
    entity Folder;
    entity Document in [Folder] { owner: User, secret?: Bool };
    action read, edit appliesTo { principal: User, resource: Document, context: { source: ipaddr } };
    """);

// Who may do what.
var policies = PolicySet.Parse(
    """
    @id("team-reads")
    permit (principal in Team::"docs", action == Action::"read", resource in Folder::"manuals");

    @id("owner-edits")
    permit (principal, action in [Action::"read", Action::"edit"], resource)
    when { resource.owner == principal };

    @id("nothing-secret-from-outside")
    forbid (principal, action, resource)
    when { resource has secret && resource.secret }
    unless { context.source.isInRange(ip("10.0.0.0/8")) };
    """,
    PolicyIdSource.IdAnnotation);

// A policy that is valid raises no type error, whatever is asked.
var findings = new Validator(schema).Validate(policies);
foreach (var finding in findings.Errors)
{
    Console.Error.WriteLine(finding.Diagnostic);
}

// Compiled and indexed once, then asked from any thread.
var authorizer = Authorizer.Create(policies);
var entities = EntitiesJson.Parse("""
    [
      { "uid": { "type": "User", "id": "ada" }, "attrs": { "level": 3 }, "parents": [{ "type": "Team", "id": "docs" }] },
      { "uid": { "type": "Document", "id": "intro" }, "attrs": { "owner": { "type": "User", "id": "ada" }, "secret": true },
        "parents": [{ "type": "Folder", "id": "manuals" }] }
    ]
    """u8, schema);
foreach (var source in new[] { "10.1.2.3", "192.0.2.7" })
{
    var context = EntitiesJson.ParseContext(
        System.Text.Encoding.UTF8.GetBytes($$"""{ "source": "{{source}}" }"""), schema, new EntityUid("Action", "read"));
    var result = authorizer.Authorize(
        new AuthorizationRequest(new EntityUid("User", "ada"), new EntityUid("Action", "read"), new EntityUid("Document", "intro"), context), entities);
    Console.WriteLine($"{source}: {result.Decision}, because of {string.Join(", ", result.DeterminingPolicies)}");
}

return findings.IsValid ? 0 : 1;
