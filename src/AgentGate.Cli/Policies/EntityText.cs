using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>Names of entities as people write them: <c>User::"alice"</c>, or the two JSON forms.</summary>
internal static class EntityText
{
    private const string Before = "permit(principal ==\n";
    private const string After = "\n, action, resource);";

    /// <summary>Reads <c>User::"alice"</c>, escapes as in a policy.</summary>
    /// <exception cref="UnusableInputException">It is not the name of an entity.</exception>
    public static EntityUid Parse(string text, string what)
    {
        // Read where a policy holds such a name, on lines of its own, so that a comment in it ends with it.
        if (PolicySet.TryParse(Before + text + After, PolicyIdSource.Position, out var set, out _)
            && set is { Policies: [{ Principal: ScopeConstraint.Equal { Entity: { } uid }, Action: ActionConstraint.Any, Resource: ScopeConstraint.Any, Conditions: [] }], Templates: [] })
        {
            return uid;
        }

        throw new UnusableInputException($"the {what} `{text}` does not name an entity; write it as User::\"alice\"");
    }

    /// <summary>Reads a JSON string that holds <c>User::"alice"</c>, or an object with <c>type</c> and <c>id</c>, perhaps in <c>__entity</c>.</summary>
    /// <exception cref="UnusableInputException">It is neither.</exception>
    public static EntityUid Parse(JsonElement element, string what)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return Parse(element.GetString()!, what);
        }

        var uid = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("__entity", out var inner) ? inner : element;
        if (uid.ValueKind == JsonValueKind.Object && uid.TryGetProperty("type", out var type) && uid.TryGetProperty("id", out var id)
            && type.ValueKind == JsonValueKind.String && id.ValueKind == JsonValueKind.String && EntityTypeName.TryParse(type.GetString(), out var name))
        {
            return new EntityUid(name, id.GetString()!);
        }

        throw new UnusableInputException($"the {what} does not name an entity; write it as \"User::\\\"alice\\\"\" or {{\"type\": \"User\", \"id\": \"alice\"}}");
    }
}
