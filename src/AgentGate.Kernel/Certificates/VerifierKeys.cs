using System.Collections.Immutable;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>The public keys a verifier trusts, each for its roles (docs/formats/bundle.md). Immutable and thread-safe.</summary>
public sealed class VerifierKeys
{
    private static readonly ImmutableArray<(KeyRole Role, KeyUses Use)> Uses =
    [
        (KeyRole.Certificates, KeyUses.Certificates), (KeyRole.Checkpoints, KeyUses.Checkpoints), (KeyRole.Grants, KeyUses.Grants), (KeyRole.Nodes, KeyUses.Nodes),
    ];

    private readonly Dictionary<string, VerifierKey> _keys;

    private VerifierKeys(Dictionary<string, VerifierKey> keys, string? problem) => (_keys, Problem) = (keys, problem);

    /// <summary>No keys: nothing verifies.</summary>
    public static VerifierKeys None { get; } = new([], "no keys were given (--keys)");

    /// <summary>Why no key is known, for people, or <see langword="null"/>.</summary>
    public string? Problem { get; }

    /// <summary>The keys.</summary>
    public IReadOnlyCollection<VerifierKey> Keys => _keys.Values;

    /// <summary>Trusts these keys.</summary>
    /// <param name="keys">The keys; no two have one id.</param>
    /// <exception cref="ArgumentException">A key is listed twice, or a key for checkpoints has no name that can stand in a note.</exception>
    public static VerifierKeys Create(IEnumerable<VerifierKey> keys)
    {
        var known = new Dictionary<string, VerifierKey>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (Fault(key) is { } fault || (fault = known.TryAdd(key.Key.Id, key) ? null : "is listed twice") is not null)
            {
                throw new ArgumentException($"The key {key.Key.Id} {fault}.", nameof(keys));
            }
        }

        return new VerifierKeys(known, null);
    }

    /// <summary>Reads a JWKS. One that breaks a rule is unusable as a whole: then no key is known, and <see cref="Problem"/> says why.</summary>
    /// <param name="utf8Json">The document, at most <see cref="JsonWebKeys.LengthMax"/> bytes.</param>
    public static VerifierKeys Read(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            return Create(JsonWebKeys.ReadPublished(utf8Json).Select(
                static key => new VerifierKey(key.Key, [.. Uses.Where(one => key.Uses.HasFlag(one.Use)).Select(static one => one.Role)], key.NoteName)));
        }
        catch (Exception exception) when (exception is KeyFormatException or ArgumentException)
        {
            return new VerifierKeys([], $"the key set is unusable: {exception.Message}");
        }
    }

    /// <summary>Writes a JWKS with roles and names.</summary>
    /// <param name="keys">The keys, in the order they shall be listed.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(IEnumerable<VerifierKey> keys)
        => JsonWebKeys.WritePublished(keys.Select(
            static key => new PublishedKey(key.Key, Uses.Where(one => key.Roles.Contains(one.Role)).Aggregate(KeyUses.None, static (sum, one) => sum | one.Use), key.Name)));

    /// <summary>The key of an id, if it is known and has the role.</summary>
    /// <param name="id">The key id.</param>
    /// <param name="role">What it must be for.</param>
    public VerificationKey? Find(string id, KeyRole role)
        => _keys.TryGetValue(id, out var key) && key.Roles.Contains(role) ? key.Key : null;

    private static string? Fault(VerifierKey key)
        => key.Roles.Contains(KeyRole.Checkpoints) && (key.Name is null || !NoteText.IsKeyName(key.Name)) ? "is for checkpoints and has no name that can stand in a note" : null;
}
