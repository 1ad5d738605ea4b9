using System.Collections.Immutable;
using System.Text.Json;

namespace AgentGate.Kernel.Delegation;

/// <summary>Reads the members of grants and revocations. Whoever calls compares what is written again with what was read.</summary>
internal static class GrantReader
{
    public static (Grant Grant, string KeyId, byte[] Signature) Read(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() != SignedGrant.CurrentVersion)
        {
            throw new FormatException("Unknown version of a grant.");
        }

        var constraints = json.GetProperty("constraints");
        var grant = new Grant
        {
            Id = Text(json, "id"),
            Tenant = Text(json, "tenant"),
            Principal = Text(json, "principal"),
            Delegate = Text(json, "delegate"),
            Actions = Texts(json.GetProperty("actions")),
            ResourceScope = Texts(json.GetProperty("resource_scope")),
            Obligations = Texts(json.GetProperty("obligations")),
            Constraints = new GrantConstraints
            {
                Doors = constraints.TryGetProperty("doors", out var doors) ? Texts(doors) : null,
                SourceNetworks = constraints.TryGetProperty("source_networks", out var networks) ? Texts(networks) : null,
                ByModel = constraints.TryGetProperty("by_model", out var byModel) ? byModel.GetBoolean() : null,
            },
            ParentId = json.TryGetProperty("parent_id", out var parent) ? parent.GetString() ?? throw new FormatException("No text.") : null,
            IssuedAt = GrantText.ReadTime(Text(json, "issued_at")),
            ExpiresAt = GrantText.ReadTime(Text(json, "expires_at")),
        };
        return (grant, Text(json, "key_id"), json.GetProperty("signature").GetBytesFromBase64());
    }

    public static GrantRevocation ReadRevocation(JsonElement json)
        => new(Text(json, "grant_id"), GrantText.ReadTime(Text(json, "at")), Text(json, "reason"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException("No text.");

    private static ImmutableArray<string> Texts(JsonElement json)
        => [.. json.EnumerateArray().Select(static item => item.GetString() ?? throw new FormatException("No text."))];
}
