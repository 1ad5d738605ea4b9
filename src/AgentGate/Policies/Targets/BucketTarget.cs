using System.Buffers;
using AgentGate.Cedar.Entities;

namespace AgentGate.Policies.Targets;

/// <summary>Buckets and objects in them, as <c>s3://bucket/key</c>. Scheme and bucket are lower case, the key keeps its case.</summary>
internal static class BucketTarget
{
    private static readonly SearchValues<char> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Reads a bucket or an object.</summary>
    public static TargetReading Read(string text) => TargetReading.Both(text, One);

    private static TargetReading One(string text)
    {
        if (TargetText.Check(ref text) is { } fault)
        {
            return TargetReading.No(fault);
        }

        var length = TargetText.SchemeLength(text);
        if (length == 0 || !text.AsSpan(length).StartsWith("://") || text.Contains('\\', StringComparison.Ordinal))
        {
            return TargetReading.No("it does not name a bucket as scheme://bucket/key");
        }

        var scheme = text[..length].ToLowerInvariant();
        var end = text.IndexOf('/', length + 3);
        var name = text[(length + 3)..(end < 0 ? text.Length : end)].ToLowerInvariant();
        if (scheme is "http" or "https" or "file" || name.Length == 0 || name.AsSpan().IndexOfAnyExcept(s_name) >= 0)
        {
            return TargetReading.No("it does not name a bucket as scheme://bucket/key");
        }

        if (TargetText.Resolve(end < 0 ? "" : text.AsSpan(end), isFile: true, out var segments) is { } unclear)
        {
            return TargetReading.No(unclear);
        }

        var key = end < 0 ? [] : text[end..].Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (key.Count > TargetText.DepthMax)
        {
            return TargetReading.No("it is too deep");
        }

        // Stores take dots in a key literally, tools resolve them.
        var resolved = Object(scheme, name, segments);
        return key.SequenceEqual(segments) ? resolved : resolved.And(Object(scheme, name, key));
    }

    private static TargetReading Object(string scheme, string name, List<string> segments)
    {
        var root = $"{scheme}://{name}/";
        return new(
            [
                new Target(
                    new(PolicyNames.Bucket, root + string.Join('/', segments)),
                    TargetText.Folders(PolicyNames.Bucket, root, segments, alsoBare: true),
                    [new("scheme", new CedarString(scheme)), new("name", new CedarString(name))]),
            ],
            null);
    }
}
