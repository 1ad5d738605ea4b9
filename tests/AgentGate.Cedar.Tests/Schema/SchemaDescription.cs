using System.Globalization;
using System.Text;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>All a schema means, as a text to compare.</summary>
internal static class SchemaDescription
{
    public static string Of(CedarSchema schema)
    {
        var text = new StringBuilder();
        foreach (var type in schema.EntityTypes.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Name} in {string.Join(",", type.Parents)} under {string.Join(",", type.Ancestors)} {Of(type.Attributes)} ")
                .Append(CultureInfo.InvariantCulture, $"tags {(type.Tags is null ? "-" : Of(type.Tags))} enum {(type.EnumIds is null ? "-" : string.Join("|", type.EnumIds))}\n");
        }

        foreach (var action in schema.Actions.Values.OrderBy(action => action.Uid.ToString(), StringComparer.Ordinal))
        {
            var parents = string.Join(",", action.Parents.Select(parent => parent.ToString()).Order(StringComparer.Ordinal));
            text.Append(CultureInfo.InvariantCulture, $"{action.Uid} in {parents} for {string.Join(",", action.PrincipalTypes)} on {string.Join(",", action.ResourceTypes)} {Of(action.Context)}\n");
        }

        return text.ToString();
    }

    public static string Of(CedarType type) => type switch
    {
        CedarType.BoolType => "Bool",
        CedarType.LongType => "Long",
        CedarType.StringType => "String",
        CedarType.SetType set => $"Set<{Of(set.Element!)}>",
        CedarType.RecordType record => $"{{{string.Join(",", record.Attributes.Select(attribute => $"{attribute.Key}{(attribute.Value.IsRequired ? "" : "?")}:{Of(attribute.Value.Type)}"))}}}",
        CedarType.EntityType entity => string.Join("|", entity.Types),
        CedarType.ExtensionType extension => extension.Kind.ToString(),
        _ => throw new InvalidOperationException("no type of a schema"),
    };
}
