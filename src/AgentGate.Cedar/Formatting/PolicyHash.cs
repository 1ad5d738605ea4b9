using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Names policies by what they say: SHA-256 (FIPS 180-4) over the canonical form, in lower-case hex. Layout, comments and source positions do not count. Thread-safe.</summary>
/// <remarks>
/// <para>The canonical form of a policy is its JSON form as <see cref="PolicyJson.Write"/> writes it, so a policy that went through JSON
/// keeps its hash. Nor do these count: parentheses, the order of annotations and of record attributes, <c>@a</c> or <c>@a("")</c>,
/// <c>.a</c> or <c>["a"]</c>, escapes, and <c>action in A</c> or <c>action in [A]</c>.</para>
/// <para>Everything else counts, also where the meaning is the same: <c>a &gt; b</c> is not <c>b &lt; a</c>, and <c>e has a.b</c> is not
/// <c>e has a &amp;&amp; e.a has b</c>.</para>
/// </remarks>
public static class PolicyHash
{
    /// <summary>Keeps the hash of a policy apart from that of anything else with the same bytes.</summary>
    private const string PolicyDomain = "AgentGate.Cedar policy v1\n";

    private const string SetDomain = "AgentGate.Cedar policy set v1\n";

    /// <summary>The hash of one policy or template; its id does not count.</summary>
    /// <exception cref="ArgumentException">The policy was built, not parsed, and has no JSON form.</exception>
    public static string Of(Policy policy) => Convert.ToHexStringLower(Digest(policy));

    /// <summary>The hash of a set: ids, policies, templates and links, in whatever order they were added.</summary>
    /// <exception cref="ArgumentException">A policy was built, not parsed, and has no JSON form.</exception>
    public static string Of(PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(SetDomain));
        var links = policies.Links.ToDictionary(static link => link.Id, StringComparer.Ordinal);
        foreach (var policy in policies.Policies.Concat(policies.Templates).OrderBy(static policy => policy.Id, StringComparer.Ordinal))
        {
            Append(hash, policy.Id);
            if (links.TryGetValue(policy.Id, out var link))
            {
                Append(hash, "link");
                Append(hash, link.TemplateId);
                Append(hash, Text(link.Principal));
                Append(hash, Text(link.Resource));
            }
            else
            {
                Append(hash, policy.IsTemplate ? "template" : "policy");
                hash.AppendData(Digest(policy));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(EntityUid? entity) => entity?.ToString() ?? "";

    private static byte[] Digest(Policy policy) => SHA256.HashData([.. Encoding.UTF8.GetBytes(PolicyDomain), .. PolicyJson.Write(policy)]);

    /// <summary>Each text with its length before it: no two lists of texts give the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
