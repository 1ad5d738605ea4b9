using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentGate.Benchmarks.Policies;

/// <summary>Policies of one kind with requests. Few of the policies apply to a request.</summary>
/// <param name="Name">What they are like.</param>
/// <param name="Policies">Cedar text.</param>
/// <param name="Requests">Requests, allowed and denied, each with the entities an application would hand over.</param>
internal sealed record CedarWorkload(string Name, string Policies, IReadOnlyList<JsonObject> Requests)
{
    private const int RequestCount = 64;

    /// <summary>Every kind at one size.</summary>
    public static IEnumerable<CedarWorkload> Of(int policies)
    {
        yield return Rbac(policies);
        yield return Abac(policies);
        yield return TinyTodo(policies);
        yield return DocumentCloud(policies);
        yield return Repositories(policies);
    }

    /// <summary>Roles: each policy gives one role some actions on one application's resources.</summary>
    private static CedarWorkload Rbac(int policies)
    {
        var text = new StringBuilder();
        for (var i = 0; i < policies; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"permit(principal in Role::\"role{i}\", action in [Action::\"read\", Action::\"list\"], resource in App::\"app{i}\");");
        }

        return Make("RBAC-like", text, policies, (entities, i) =>
        {
            Entity(entities, "User", $"u{i}", [], ("Role", $"role{i}"), ("Role", $"role{(i + 1) % policies}"), ("Role", $"role{(i + 7) % policies}"));
            Entity(entities, "Doc", $"d{i}", [], ("App", $"app{i}"));
            return Request("User", $"u{i}", i % 4 == 3 ? "delete" : "read", "Doc", i % 4 == 2 ? "elsewhere" : $"d{i}");
        });
    }

    /// <summary>Attributes: each policy compares attributes of the two sides and of the context, for the resources of one tenant.</summary>
    private static CedarWorkload Abac(int policies)
    {
        var text = new StringBuilder();
        for (var i = 0; i < policies; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                permit(principal is User, action == Action::"read", resource in Tenant::"t{{i}}")
                when { principal.department == resource.department && principal.clearance >= resource.level }
                unless { !context.mfa || context.ip.isInRange(ip("192.168.0.0/16")) };
                """);
        }

        return Make("ABAC-like", text, policies, (entities, i) =>
        {
            Entity(entities, "User", $"u{i}", new JsonObject { ["department"] = $"dep{i % 5}", ["clearance"] = i % 10 });
            Entity(entities, "Doc", $"d{i}", new JsonObject { ["department"] = $"dep{i % 5}", ["level"] = 4 }, ("Tenant", $"t{i}"));
            return Request("User", $"u{i}", "read", "Doc", $"d{i}", new JsonObject { ["mfa"] = i % 3 != 0, ["ip"] = Extension("ip", "10.1.2.3") });
        });
    }

    /// <summary>The task lists of the published example TinyTodo: owners, readers and editors as attributes of the list.</summary>
    private static CedarWorkload TinyTodo(int policies) => Application("TinyTodo", policies, 5, i => $$"""
        permit(principal is T{{i}}::User, action in [Action::"CreateList", Action::"GetLists"], resource == T{{i}}::Application::"TinyTodo");
        permit(principal is T{{i}}::User, action, resource is T{{i}}::List) when { resource.owner == principal };
        permit(principal is T{{i}}::User, action == Action::"GetList", resource is T{{i}}::List) when { principal in resource.readers || principal in resource.editors };
        permit(principal is T{{i}}::User, action in [Action::"UpdateList", Action::"CreateTask", Action::"UpdateTask", Action::"DeleteTask"], resource is T{{i}}::List) when { principal in resource.editors };
        forbid(principal in T{{i}}::Team::"interns", action == Action::"CreateList", resource is T{{i}}::Application);
        """,
        (entities, i, tenant) =>
        {
            Entity(entities, $"T{tenant}::User", $"u{i}", [], ($"T{tenant}::Team", i % 3 == 0 ? "interns" : "staff"));
            Entity(entities, $"T{tenant}::List", $"l{i}", new JsonObject
            {
                ["owner"] = Reference($"T{tenant}::User", i % 4 == 0 ? $"u{i}" : "someone"),
                ["readers"] = Reference($"T{tenant}::Team", "interns"),
                ["editors"] = Reference($"T{tenant}::Team", "staff"),
            });
            return Request($"T{tenant}::User", $"u{i}", i % 2 == 0 ? "GetList" : "UpdateList", $"T{tenant}::List", $"l{i}");
        });

    /// <summary>The published example document cloud: owners, sharing with people and groups, public documents, blocked people.</summary>
    private static CedarWorkload DocumentCloud(int policies) => Application("document cloud", policies, 6, i => $$"""
        permit(principal is D{{i}}::User, action == Action::"CreateDocument", resource == D{{i}}::Drive::"drive");
        permit(principal is D{{i}}::User, action, resource is D{{i}}::Document) when { principal == resource.owner };
        permit(principal is D{{i}}::User, action == Action::"ViewDocument", resource is D{{i}}::Document) when { principal in resource.viewACL || principal in resource.editACL };
        permit(principal is D{{i}}::User, action in [Action::"ModifyDocument", Action::"EditIsPrivate"], resource is D{{i}}::Document) when { principal in resource.editACL };
        permit(principal, action == Action::"ViewDocument", resource is D{{i}}::Document) when { resource.publicAccess == "view" };
        forbid(principal is D{{i}}::User, action, resource is D{{i}}::Document) when { resource.owner.blocked.contains(principal) };
        """,
        (entities, i, tenant) =>
        {
            Entity(entities, $"D{tenant}::User", $"u{i}", new JsonObject { ["blocked"] = new JsonArray() }, ($"D{tenant}::Group", $"g{i % 3}"));
            Entity(entities, $"D{tenant}::User", "owner", new JsonObject { ["blocked"] = new JsonArray(Reference($"D{tenant}::User", i % 5 == 0 ? $"u{i}" : "nobody")) });
            Entity(entities, $"D{tenant}::Document", $"d{i}", new JsonObject
            {
                ["owner"] = Reference($"D{tenant}::User", "owner"),
                ["publicAccess"] = i % 4 == 0 ? "view" : "none",
                ["viewACL"] = Reference($"D{tenant}::Group", "g0"),
                ["editACL"] = Reference($"D{tenant}::Group", "g1"),
            });
            return Request($"D{tenant}::User", $"u{i}", i % 2 == 0 ? "ViewDocument" : "ModifyDocument", $"D{tenant}::Document", $"d{i}");
        });

    /// <summary>The published example of code hosting: repositories with readers, triagers, writers, maintainers and admins, as groups in one another.</summary>
    private static CedarWorkload Repositories(int policies) => Application("code hosting", policies, 5, i => $$"""
        permit(principal is G{{i}}::User, action in [Action::"pull", Action::"fork"], resource is G{{i}}::Repository) when { principal in resource.readers };
        permit(principal is G{{i}}::User, action in [Action::"assign_issue", Action::"edit_issue"], resource is G{{i}}::Repository) when { principal in resource.triagers };
        permit(principal is G{{i}}::User, action == Action::"push", resource is G{{i}}::Repository) when { principal in resource.writers };
        permit(principal is G{{i}}::User, action == Action::"edit_issue", resource is G{{i}}::Repository) when { principal in resource.maintainers };
        permit(principal is G{{i}}::User, action in [Action::"add_reader", Action::"add_writer"], resource is G{{i}}::Repository) when { principal in resource.admins };
        """,
        (entities, i, tenant) =>
        {
            string[] roles = ["readers", "triagers", "writers", "maintainers", "admins"];
            var attributes = new JsonObject();
            for (var role = 0; role < roles.Length; role++)
            {
                // Who may write may read: each group is in the one below it.
                attributes[roles[role]] = Reference($"G{tenant}::UserGroup", $"{i} {roles[role]}");
                Entity(entities, $"G{tenant}::UserGroup", $"{i} {roles[role]}", [], role == 0 ? [] : [($"G{tenant}::UserGroup", $"{i} {roles[role - 1]}")]);
            }

            Entity(entities, $"G{tenant}::User", $"u{i}", [], ($"G{tenant}::UserGroup", $"{i} {roles[i % roles.Length]}"));
            Entity(entities, $"G{tenant}::Repository", $"r{i}", attributes);
            return Request($"G{tenant}::User", $"u{i}", i % 3 == 0 ? "push" : "pull", $"G{tenant}::Repository", $"r{i}");
        });

    /// <summary>An application's few policies for as many tenants as make up the number.</summary>
    private static CedarWorkload Application(string name, int policies, int each, Func<int, string> tenant, Func<JsonArray, int, int, JsonObject> request)
    {
        var tenants = Math.Max(1, policies / each);
        var text = new StringBuilder();
        for (var i = 0; i < tenants; i++)
        {
            text.AppendLine(tenant(i));
        }

        return Make(name, text, tenants, (entities, i) => request(entities, i, i));
    }

    private static CedarWorkload Make(string name, StringBuilder text, int groups, Func<JsonArray, int, JsonObject> request)
    {
        var requests = new List<JsonObject>();
        for (var i = 0; i < RequestCount; i++)
        {
            // Spread over all of them; each request has entities of its own, as it would come from an application.
            var entities = new JsonArray();
            var one = request(entities, (int)((long)i * groups / RequestCount));
            one["entities"] = entities;
            requests.Add(one);
        }

        return new CedarWorkload(name, text.ToString(), requests);
    }

    private static void Entity(JsonArray entities, string type, string id, JsonObject attributes, params (string Type, string Id)[] parents)
        => entities.Add(new JsonObject { ["uid"] = Uid(type, id), ["attrs"] = attributes, ["parents"] = new JsonArray([.. parents.Select(parent => (JsonNode)Uid(parent.Type, parent.Id))]) });

    private static JsonObject Request(string principal, string principalId, string action, string resource, string resourceId, JsonObject? context = null) => new()
    {
        ["principal"] = Uid(principal, principalId), ["action"] = Uid("Action", action), ["resource"] = Uid(resource, resourceId), ["context"] = context ?? [],
    };

    private static JsonObject Uid(string type, string id) => new() { ["type"] = type, ["id"] = id };

    private static JsonObject Reference(string type, string id) => new() { ["__entity"] = Uid(type, id) };

    private static JsonObject Extension(string function, string argument) => new() { ["__extn"] = new JsonObject { ["fn"] = function, ["arg"] = argument } };
}
