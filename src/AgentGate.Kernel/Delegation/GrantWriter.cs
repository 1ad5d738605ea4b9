using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Delegation;

/// <summary>Writes grants and revocations as canonical JSON.</summary>
internal static class GrantWriter
{
    /// <summary>A grant, with its signature or without.</summary>
    public static byte[] Write(Grant grant, string? keyId, byte[]? signature)
        => Canonical(writer =>
        {
            WriteTexts(writer, "actions", grant.Actions);
            WriteConstraints(writer, grant.Constraints);
            writer.WriteString("delegate", grant.Delegate);
            writer.WriteString("expires_at", GrantText.Write(grant.ExpiresAt));
            writer.WriteString("id", grant.Id);
            writer.WriteString("issued_at", GrantText.Write(grant.IssuedAt));
            WriteTexts(writer, "obligations", grant.Obligations);
            if (grant.ParentId is not null)
            {
                writer.WriteString("parent_id", grant.ParentId);
            }

            writer.WriteString("principal", grant.Principal);
            WriteTexts(writer, "resource_scope", grant.ResourceScope);
            writer.WriteString("tenant", grant.Tenant);
            writer.WriteNumber("version", SignedGrant.CurrentVersion);
            if (signature is not null)
            {
                writer.WriteString("key_id", keyId);
                writer.WriteBase64String("signature", signature);
            }
        });

    /// <summary>The fact of a revocation.</summary>
    public static byte[] Write(GrantRevocation revocation)
        => Canonical(writer =>
        {
            writer.WriteString("at", GrantText.Write(revocation.At));
            writer.WriteString("grant_id", revocation.GrantId);
            writer.WriteString("id", revocation.GrantId);
            writer.WriteString("reason", revocation.Reason);
        });

    private static byte[] Canonical(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return CanonicalJson.Canonicalize(buffer.WrittenSpan);
    }

    private static void WriteConstraints(Utf8JsonWriter writer, GrantConstraints constraints)
    {
        writer.WriteStartObject("constraints");
        if (constraints.ByModel is { } byModel)
        {
            writer.WriteBoolean("by_model", byModel);
        }

        if (constraints.Doors is { } doors)
        {
            WriteTexts(writer, "doors", doors);
        }

        if (constraints.SourceNetworks is { } networks)
        {
            WriteTexts(writer, "source_networks", networks);
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
