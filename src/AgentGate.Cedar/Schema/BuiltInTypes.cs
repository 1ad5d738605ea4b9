using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>The types every schema has, in the namespace <c>__cedar</c> and, where nothing else has the name, without it.</summary>
internal static class BuiltInTypes
{
    /// <summary>The namespace nobody else may declare in.</summary>
    public const string Namespace = "__cedar";

    /// <summary>The types by their names.</summary>
    public static IReadOnlyList<(string Name, CedarType Type)> All { get; } =
    [
        ("Bool", CedarType.Bool),
        ("Long", CedarType.Long),
        ("String", CedarType.String),
        ("datetime", new CedarType.ExtensionType(CedarValueKind.Datetime)),
        ("decimal", new CedarType.ExtensionType(CedarValueKind.Decimal)),
        ("duration", new CedarType.ExtensionType(CedarValueKind.Duration)),
        ("ipaddr", new CedarType.ExtensionType(CedarValueKind.IpAddress)),
    ];

    /// <summary>The extension type of a name; <see langword="null"/> when there is none.</summary>
    public static CedarType? Extension(string name)
    {
        foreach (var (known, type) in All)
        {
            if (known == name && type is CedarType.ExtensionType)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Names no common type may have, in any namespace: the JSON format gives them a meaning.</summary>
    public static bool IsForbiddenForCommonTypes(string name)
        => name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";
}
