using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The shape of <c>/v1/embeddings</c>: vectors made of a hash, the same for the same text, of length one.</summary>
internal static class EmbeddingsShape
{
    private const int DimensionsDefault = 64;
    private const int DimensionsMax = 4_096;
    private const int InputsMax = 2_048;

    public static DemoReply Answer(JsonElement root, string model)
    {
        var input = DemoContentReader.Member(root, "input");
        var texts = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array => input.EnumerateArray().Select(DemoContentReader.Text).ToList(),
            _ => new List<string>(),
        };
        if (texts.Count is 0 or > InputsMax)
        {
            return DemoErrors.OpenAI(400, "'input' must be a string or an array of 1 to 2048 strings.", param: "input");
        }

        var dimensions = DimensionsDefault;
        if (DemoContentReader.Member(root, "dimensions") is { ValueKind: JsonValueKind.Number } wanted
            && (!wanted.TryGetInt32(out dimensions) || dimensions is < 1 or > DimensionsMax))
        {
            return DemoErrors.OpenAI(400, "'dimensions' must lie between 1 and 4096.", param: "dimensions");
        }

        var base64 = DemoContentReader.String(root, "encoding_format") == "base64";
        var data = new JsonArray();
        for (var i = 0; i < texts.Count; i++)
        {
            var vector = Vector(texts[i], dimensions);
            data.Add(new JsonObject
            {
                ["object"] = "embedding",
                ["index"] = i,
                ["embedding"] = base64 ? Base64(vector) : new JsonArray([.. vector.Select(v => JsonValue.Create(v))]),
            });
        }

        var tokens = DemoText.Tokens(texts.Sum(t => t.Length));
        return new DemoReply
        {
            Body = DemoText.Utf8(new JsonObject
            {
                ["object"] = "list",
                ["data"] = data,
                ["model"] = model,
                ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            }),
        };
    }

    private static float[] Vector(string text, int dimensions)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var vector = new float[dimensions];
        Span<byte> counter = stackalloc byte[4];
        Span<byte> block = stackalloc byte[32];
        for (var i = 0; i < dimensions; i++)
        {
            if (i % 8 == 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(counter, i / 8);
                HMACSHA256.HashData(key, counter, block);
            }

            vector[i] = BinaryPrimitives.ReadInt32LittleEndian(block[(i % 8 * 4)..]) / (float)int.MaxValue;
        }

        var length = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / length)];
    }

    private static JsonValue Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * 4];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), vector[i]);
        }

        return JsonValue.Create(Convert.ToBase64String(bytes));
    }
}
