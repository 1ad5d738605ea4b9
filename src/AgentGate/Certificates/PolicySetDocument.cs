using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Certificates;

/// <summary>A policy set as bundles hold it (docs/formats/bundle.md). Pure.</summary>
internal static class PolicySetDocument
{
    /// <summary>Canonical JSON: an array of <c>id</c>, <c>kind</c>, <c>json</c>, sorted by id.</summary>
    public static byte[] Write(PolicySet policies)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartArray();
            foreach (var policy in policies.Policies.Concat(policies.Templates).OrderBy(static policy => policy.Id, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("id", policy.Id);
                json.WriteString("kind", policy.IsTemplate ? "template" : "policy");

                // A string, not an object: the policy's hash is over exactly these bytes.
                json.WriteString("json", Encoding.UTF8.GetString(PolicyJson.Write(policy)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return CanonicalJson.Canonicalize(output.WrittenSpan);
    }
}
