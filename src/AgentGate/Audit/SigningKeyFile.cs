using System.Globalization;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Signing;

namespace AgentGate.Audit;

/// <summary>The file <c>signing.keys</c>: the installation's name and every key that ever signed. Pure but for reading and writing the file.</summary>
/// <param name="Name">The installation's name.</param>
/// <param name="Keys">The keys, oldest first.</param>
internal sealed record SigningKeyFile(string Name, IReadOnlyList<StoredSigningKey> Keys)
{
    private const int LengthMax = 256 * 1024;

    /// <summary>Reads the file.</summary>
    /// <returns>The content, or <see langword="null"/> where there is no file.</returns>
    /// <exception cref="InvalidOperationException">The file cannot be used; the message says what to do.</exception>
    public static SigningKeyFile? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        if (OwnedFile.IsOpenToOthers(path))
        {
            throw Unusable($"{path} can be read by others than its owner; run chmod 600 on it, consider the key known, and rotate it: log rotate-keys.");
        }

        if (new FileInfo(path).Length > LengthMax)
        {
            throw Unusable($"{path} is larger than {LengthMax} bytes; restore it from a backup.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != 1)
            {
                throw Unusable($"{path} has a version this build does not know; use the build that wrote it.");
            }

            return new SigningKeyFile(root.GetProperty("name").GetString()!, [.. root.GetProperty("keys").EnumerateArray().Select(Key)]);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or ArgumentException
            || (exception is InvalidOperationException && !exception.Message.StartsWith(Codes.SigningKeyUnusable, StringComparison.Ordinal)))
        {
            throw Unusable($"{path} is damaged; restore it from a backup: without it nobody can check what this server signed.");
        }
    }

    /// <summary>Writes the file for its owner alone, whole or not at all.</summary>
    public void Write(string path)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteString("name", Name);
            json.WriteStartArray("keys");
            foreach (var key in Keys)
            {
                json.WriteStartObject();
                json.WriteString("kid", key.Public.Id);
                json.WriteString("algorithm", key.Public.Algorithm.ToString());
                json.WriteString("public", Convert.ToBase64String(key.Public.PublicKey.Span));
                if (key.Secret is { } secret)
                {
                    json.WriteString("secret", Convert.ToBase64String(secret));
                }

                json.WriteString("state", key.State.ToString());
                json.WriteString("environment", key.Environment);
                json.WriteString("created_at", key.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        OwnedFile.Write(path, buffer.ToArray());
    }

    internal static InvalidOperationException Unusable(string message) => new($"{Codes.SigningKeyUnusable}: {message}");

    private static StoredSigningKey Key(JsonElement json)
    {
        var key = VerificationKey.Create(
            Enum.Parse<SignatureAlgorithm>(json.GetProperty("algorithm").GetString()!), Convert.FromBase64String(json.GetProperty("public").GetString()!));
        return key.Id != json.GetProperty("kid").GetString()
            ? throw new FormatException("The id is not that of the key.")
            : new StoredSigningKey(
                key,
                json.TryGetProperty("secret", out var secret) ? Convert.FromBase64String(secret.GetString()!) : null,
                Enum.Parse<SigningKeyState>(json.GetProperty("state").GetString()!),
                json.GetProperty("environment").GetString()!,
                DateTimeOffset.Parse(json.GetProperty("created_at").GetString()!, CultureInfo.InvariantCulture));
    }
}
