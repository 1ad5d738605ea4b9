using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>What an installation publishes of its keys (docs/formats/bundle.md, "The keys"). Pure and thread-safe.</summary>
internal static class KeySetDocument
{
    private const KeyUses Uses = KeyUses.Certificates | KeyUses.Checkpoints | KeyUses.Grants;

    /// <summary>The key set: every key that ever signed, with what it may sign.</summary>
    /// <param name="keys">The installation's own keys.</param>
    /// <param name="nodes">The safety nodes whose votes count, if any.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(ISigningKeys keys, INodeKeys? nodes = null)
    {
        PublishedKey[] own = [.. keys.All.Select(key => new PublishedKey(key, Uses, keys.Name))];

        // A set that no reader accepts would hide every key; the installation's own come first.
        return JsonWebKeys.WritePublished(own.Concat((nodes?.NodeKeys ?? []).Where(key => own.All(other => other.Key.Id != key.Id))
            .Select(static key => new PublishedKey(key, KeyUses.Nodes))).Take(JsonWebKeys.KeysMax));
    }

    /// <summary>The verifier keys of a log's checkpoints (C2SP <c>signed-note</c>), one a line, named by the log's origin as witnesses expect.</summary>
    /// <param name="keys">The installation's own keys.</param>
    /// <param name="tenant">Whose log.</param>
    /// <returns>The lines, or <see langword="null"/> where no checkpoint can have such an origin.</returns>
    public static string? VerifierKeys(ISigningKeys keys, string tenant)
        => LogOrigin.Of(keys.Name, tenant) is { Length: <= Checkpoint.OriginLengthMax } origin
            ? string.Concat(keys.All.Select(key => NoteKey.ForLog(origin, key) + "\n"))
            : null;
}
