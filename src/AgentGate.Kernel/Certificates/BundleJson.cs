using System.Text;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>Writes bundles (docs/formats/bundle.md). Pure and thread-safe.</summary>
public static class BundleJson
{
    /// <summary>Writes a bundle.</summary>
    /// <param name="content">What it holds.</param>
    /// <returns>Canonical JSON. A set of many thousand policies may make it larger than <see cref="BundleVerifier.BundleLengthMax"/>.</returns>
    public static byte[] Write(BundleContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var output = new CanonicalBuffer(16_384);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        Raw(ref json, "\"alpha\":"u8, content.Alpha);
        Raw(ref json, "\"certificate\":"u8, content.Certificate);
        json.Name("\"checkpoint\":"u8);
        json.Text(Encoding.UTF8.GetString(content.Checkpoint.Span));
        json.Name("\"entry\":"u8);
        WriteEntry(ref json, content);
        if (content.Erased)
        {
            json.Name("\"erased\":"u8);
            json.True();
        }

        Raw(ref json, "\"gamma\":"u8, content.Gamma);
        Raw(ref json, "\"grants\":"u8, content.Grants);
        if (content.Policies is not null)
        {
            json.Name("\"policies\":"u8);
            WritePolicies(ref json, content.Policies);
        }

        Raw(ref json, "\"revocations\":"u8, content.Revocations);
        Raw(ref json, "\"settings\":"u8, content.Settings);
        json.Name("\"version\":"u8);
        json.Number(1);
        if (!content.Votes.IsDefaultOrEmpty)
        {
            json.Name("\"votes\":"u8);
            json.BeginArray();
            foreach (var vote in content.Votes)
            {
                json.Raw(vote.ToCanonicalJson());
            }

            json.EndArray();
        }

        json.EndObject();
        return output.Written.ToArray();
    }

    private static void WriteEntry(ref CanonicalWriter json, BundleContent content)
    {
        json.BeginObject();
        json.Name("\"index\":"u8);
        json.Number(content.EntryIndex);
        json.Name("\"json\":"u8);
        json.Text(Encoding.UTF8.GetString(content.Entry.Span));
        json.Name("\"proof\":"u8);
        json.BeginArray();
        foreach (var hash in content.EntryProof)
        {
            json.Text(Convert.ToHexStringLower(hash.Span));
        }

        json.EndArray();
        json.EndObject();
    }

    private static void WritePolicies(ref CanonicalWriter json, PolicySet policies)
    {
        json.BeginArray();
        foreach (var policy in policies.Policies.Concat(policies.Templates).OrderBy(static policy => policy.Id, StringComparer.Ordinal))
        {
            json.BeginObject();
            json.Name("\"id\":"u8);
            json.Text(policy.Id);
            json.Name("\"json\":"u8);
            json.Text(Encoding.UTF8.GetString(PolicyJson.Write(policy)));
            json.Name("\"kind\":"u8);
            json.Text(policy.IsTemplate ? "template" : "policy");
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Raw(ref CanonicalWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> canonical)
    {
        if (!canonical.IsEmpty)
        {
            json.Name(name);
            json.Raw(canonical.Span);
        }
    }
}
