using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>The public keys a verifier trusts, each for its roles (docs/formats/bundle.md). Immutable and thread-safe.</summary>
public sealed class VerifierKeys
{
    private static readonly ImmutableArray<(KeyRole Role, string Word)> Words =
        [(KeyRole.Certificates, "certificates"), (KeyRole.Checkpoints, "checkpoints"), (KeyRole.Grants, "grants"), (KeyRole.Nodes, "nodes")];

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
            var read = JsonWebKeys.Read(utf8Json).ToDictionary(static key => key.Id, StringComparer.Ordinal);
            using var document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Create(document.RootElement.GetProperty("keys").EnumerateArray().Where(IsRead).Select(element => With(element, read)));
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            return new VerifierKeys([], $"the key set is unusable: {exception.Message}");
        }
    }

    /// <summary>Writes a JWKS with roles and names.</summary>
    /// <param name="keys">The keys, in the order they shall be listed.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Write(IEnumerable<VerifierKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
        {
            using var plain = JsonDocument.Parse(JsonWebKeys.Write([key.Key]));
            writer.WriteStartObject();
            foreach (var member in plain.RootElement.GetProperty("keys")[0].EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.WriteStartObject("agentgate");
            writer.WriteStartArray("role");
            foreach (var (role, word) in Words)
            {
                if (key.Roles.Contains(role))
                {
                    writer.WriteStringValue(word);
                }
            }

            writer.WriteEndArray();
            if (key.Name is not null)
            {
                writer.WriteString("name", key.Name);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The key of an id, if it is known and has the role.</summary>
    /// <param name="id">The key id.</param>
    /// <param name="role">What it must be for.</param>
    public VerificationKey? Find(string id, KeyRole role)
        => _keys.TryGetValue(id, out var key) && key.Roles.Contains(role) ? key.Key : null;

    private static bool IsRead(JsonElement json)
        => (Is(json, "kty", "OKP") && Is(json, "crv", "Ed25519")) || (Is(json, "kty", "EC") && Is(json, "crv", "P-256"));

    private static bool Is(JsonElement json, string name, string value)
        => json.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);

    private static VerifierKey With(JsonElement json, Dictionary<string, VerificationKey> read)
    {
        // The reader of keys takes those without; what says nothing about itself must not be trusted here.
        if (!json.TryGetProperty("kid", out var id) || !json.TryGetProperty("use", out _) || !json.TryGetProperty("alg", out var algorithm)
            || algorithm.ValueEquals("Ed25519"))
        {
            throw new FormatException("a key lacks its kid, use or alg, or has another one");
        }

        var key = read[id.GetString()!];
        if (!json.TryGetProperty("agentgate", out var own))
        {
            return new VerifierKey(key, []);
        }

        if (own.ValueKind != JsonValueKind.Object || !own.TryGetProperty("role", out var roles) || roles.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"the key {key.Id} has no array of roles");
        }

        return new VerifierKey(
            key,
            [.. roles.EnumerateArray().Select(static role => role.GetString()).SelectMany(static word => Words.Where(one => one.Word == word).Select(static one => one.Role)).Distinct()],
            own.TryGetProperty("name", out var name) ? name.GetString() : null);
    }

    private static string? Fault(VerifierKey key)
        => key.Roles.Contains(KeyRole.Checkpoints) && (key.Name is null || !NoteText.IsKeyName(key.Name)) ? "is for checkpoints and has no name that can stand in a note" : null;
}
