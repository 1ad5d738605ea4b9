using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>How the demo model cuts, counts and writes text.</summary>
internal static class DemoText
{
    // Real providers write '<' and non-ASCII as they are; the default encoder would escape them.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> PieceLengths => [5, 3, 7, 4, 6];

    /// <summary>Cuts a text into pieces of 3 to 7 characters, never within a surrogate pair, so that tokens get split.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var n = 0; start < text.Length; n++)
        {
            var end = Math.Min(text.Length, start + PieceLengths[n % PieceLengths.Length]);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }

    /// <summary>A rough count: four characters to the token, at least one.</summary>
    public static long Tokens(int chars) => Math.Max(1, (chars + 3) / 4);

    public static byte[] Utf8(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, s_json);

    public static string Text(JsonNode node) => node.ToJsonString(s_json);
}
