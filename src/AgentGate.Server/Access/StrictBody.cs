using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Access;

/// <summary>
/// Reads a JSON body strictly: bounded, no member twice, none unknown, none missing that must be there, and declared as JSON, so that no
/// form of another site can send it. U+0000 was refused before (TextCheck).
/// </summary>
internal static class StrictBody
{
    private const int BytesMax = 16 * 1024;

    /// <summary>How bodies are read: names as the records say, otherwise in snake case, and nothing beside them.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    /// <summary>The body, or what is wrong with it. A refusal never repeats what was sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most bytes.</param>
    public static async Task<Reading<T>> ReadAsync<T>(HttpContext context, int bytesMax = BytesMax)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            return Reading<T>.Refused(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json.", "content-type");
        }

        try
        {
            var whole = context.Request.Body is BufferedBody { Whole: { } read } ? read : await BytesAsync(context, bytesMax);
            if (whole.Length > bytesMax)
            {
                return Reading<T>.Refused(StatusCodes.Status413PayloadTooLarge, $"The body has more than {bytesMax} bytes.", "body");
            }

            using var document = JsonDocument.Parse(whole, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Options.MaxDepth });
            DemandText(document.RootElement);
            return document.Deserialize<T>(Options) is { } body
                ? new Reading<T>(body, 0, null, null)
                : Reading<T>.Refused(StatusCodes.Status400BadRequest, "The body must be a JSON object.", "body");
        }
        catch (BadHttpRequestException fault)
        {
            return Reading<T>.Refused(fault.StatusCode, "The body could not be read.", "body");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            member = typeof(T).GetProperties().Any(property => NameOf(property) == member) ? member : "body";
            return Reading<T>.Refused(
                StatusCodes.Status400BadRequest,
                $"The body is not what this route takes, at \"{member}\". It takes {string.Join(", ", typeof(T).GetProperties().Select(NameOf))}.",
                member);
        }
    }

    public static string NameOf(System.Reflection.PropertyInfo property)
        => property.GetCustomAttributes(typeof(JsonPropertyNameAttribute), inherit: false) is [JsonPropertyNameAttribute name]
            ? name.Name
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    /// <summary>The body of a route whose bodies nobody read before; one byte more than it may have is enough to know.</summary>
    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext context, int bytesMax)
    {
        var bytes = new byte[bytesMax + 1];
        return bytes.AsMemory(0, await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted));
    }

    /// <summary>Reads every text once: half of a surrogate pair throws here, and is refused like any other text that is none.</summary>
    private static void DemandText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    DemandText(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    DemandText(item);
                }

                break;
        }
    }

    /// <summary>A body, or what is wrong with it.</summary>
    /// <param name="Body">The body, or <see langword="null"/>.</param>
    /// <param name="Status">The status of a refusal.</param>
    /// <param name="Detail">What is wrong.</param>
    /// <param name="Field">Where.</param>
    internal sealed record Reading<T>(T? Body, int Status, string? Detail, string? Field)
        where T : class
    {
        public static Reading<T> Refused(int status, string detail, string field) => new(null, status, detail, field);
    }
}
