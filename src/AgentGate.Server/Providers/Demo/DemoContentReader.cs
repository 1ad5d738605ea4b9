using System.Text;
using System.Text.Json;

namespace AgentGate.Server.Providers.Demo;

/// <summary>Reads text out of the shapes in which requests carry it.</summary>
internal static class DemoContentReader
{
    /// <summary>The text of a content: a string, or the text parts of an array, one per line.</summary>
    public static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return content.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? string.Empty : content.GetRawText();
        }

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && String(part, "text") is { } piece)
            {
                text.Append(text.Length > 0 ? "\n" : string.Empty).Append(piece);
            }
        }

        return text.ToString();
    }

    public static JsonElement Member(JsonElement item, string name)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? value : default;

    public static string? String(JsonElement item, string name)
        => Member(item, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool True(JsonElement item, string name) => Member(item, name).ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(JsonElement item, string name)
        => Member(item, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
