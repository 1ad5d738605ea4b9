using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Access;

/// <summary>
/// Reads a JSON body strictly: bounded, no member twice, none unknown, no U+0000, and declared as JSON, so that no form of another site
/// can send it.
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

        using var stream = new MemoryStream();
        var piece = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(piece, context.RequestAborted)) > 0)
            {
                stream.Write(piece, 0, read);
                if (stream.Length > bytesMax)
                {
                    return Reading<T>.Refused(StatusCodes.Status413PayloadTooLarge, $"The body has more than {bytesMax} bytes.", "body");
                }
            }

            using var document = JsonDocument.Parse(
                stream.GetBuffer().AsMemory(0, (int)stream.Length), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Options.MaxDepth });
            return HoldsNul(document.RootElement) ? Reading<T>.Refused(StatusCodes.Status400BadRequest, "A text holds U+0000.", "body")
                : document.Deserialize<T>(Options) is { } body ? new Reading<T>(body, 0, null, null)
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
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    public static string NameOf(System.Reflection.PropertyInfo property)
        => property.GetCustomAttributes(typeof(JsonPropertyNameAttribute), inherit: false) is [JsonPropertyNameAttribute name]
            ? name.Name
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    // Half of a surrogate pair throws here, and is refused like any other text that is none.
    private static bool HoldsNul(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Object => element.EnumerateObject().Any(member => member.Name.Contains('\0', StringComparison.Ordinal) || HoldsNul(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsNul),
        _ => false,
    };

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
