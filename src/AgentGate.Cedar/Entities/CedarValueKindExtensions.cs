namespace AgentGate.Cedar.Entities;

/// <summary>What Cedar calls the types of values.</summary>
internal static class CedarValueKindExtensions
{
    public static string ToCedarName(this CedarValueKind kind) => kind switch
    {
        CedarValueKind.Bool => "bool",
        CedarValueKind.Long => "long",
        CedarValueKind.String => "string",
        CedarValueKind.Entity => "entity",
        CedarValueKind.Set => "set",
        CedarValueKind.Record => "record",
        CedarValueKind.IpAddress => "ipaddr",
        CedarValueKind.Decimal => "decimal",
        CedarValueKind.Datetime => "datetime",
        _ => "duration",
    };
}
