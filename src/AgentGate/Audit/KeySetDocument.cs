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

    /// <summary>The verifier keys of the checkpoints (C2SP <c>signed-note</c>), one a line, the one that signs now first.</summary>
    public static string VerifierKeys(ISigningKeys keys)
        => string.Concat(keys.All.Select(key => NoteKey.ForLog(keys.Name, key) + "\n"));
}
