using System.Text.Json;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Certificates;

/// <summary>A witness policy as a file: <c>{"quorum": 2, "witnesses": ["name+id+key", ...]}</c>.</summary>
internal static class WitnessPolicyFile
{
    private const int LengthMax = 64 * 1024;

    /// <exception cref="UnusableInputException">It cannot be read, or demands what cannot be met.</exception>
    public static WitnessPolicy Read(string name, Terminal terminal)
    {
        var bytes = DocumentFile.Read(name, LengthMax, terminal);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.EnumerateObject().All(static member => member.Name is "quorum" or "witnesses")
                && root.TryGetProperty("quorum", out var quorum) && quorum.ValueKind == JsonValueKind.Number && quorum.TryGetInt32(out var votes) && votes > 0
                && root.TryGetProperty("witnesses", out var keys) && keys.ValueKind == JsonValueKind.Array
                ? new WitnessPolicy(votes, [.. keys.EnumerateArray().Select(static key => NoteKey.Parse(key.GetString()!))])
                : throw new UnusableInputException($"{name} is no witness policy: write {{\"quorum\": 2, \"witnesses\": [\"name+id+key\", ...]}}");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new UnusableInputException($"{name} is no witness policy: {exception.Message}");
        }
    }
}
