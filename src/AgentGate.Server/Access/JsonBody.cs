using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentGate.Diagnostics;

namespace AgentGate.Server.Access;

/// <summary>Reads the bodies of the API strictly: one JSON object of bounded size and depth, no unknown member, none twice, no U+0000 in any text.</summary>
internal static class JsonBody
{
    /// <summary>The longest body that is read.</summary>
    public const int BytesMax = 64 * 1024;

    private const int DepthMax = 8;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = DepthMax,
    };

    /// <summary>The body, or the refusal of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The code of a body that is not what the endpoint takes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context, string code, CancellationToken cancellationToken)
        where T : class
    {
        using var stream = new MemoryStream();
        var piece = ArrayPool<byte>.Shared.Rent(BytesMax);
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(piece, cancellationToken)) > 0)
            {
                stream.Write(piece, 0, read);
                if (stream.Length > BytesMax)
                {
                    return (null, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, Codes.TooLarge, "The body is too large.", "body"));
                }
            }

            using var document = JsonDocument.Parse(
                stream.GetBuffer().AsMemory(0, (int)stream.Length), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax });
            if (HoldsNull(document.RootElement))
            {
                return (null, ApiProblem.Of(StatusCodes.Status400BadRequest, code, "No text may hold the character U+0000.", "body"));
            }

            return document.RootElement.ValueKind == JsonValueKind.Object && document.Deserialize<T>(s_options) is { } body
                ? (body, null)
                : (null, ApiProblem.Of(StatusCodes.Status400BadRequest, code, "The body must be a JSON object.", "body"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            return (null, ApiProblem.Of(StatusCodes.Status400BadRequest, code, "The body is not what this route takes; see /docs/api-reference.", member));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    private static bool HoldsNull(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsNull),
        JsonValueKind.Object => element.EnumerateObject().Any(member => member.Name.Contains('\0', StringComparison.Ordinal) || HoldsNull(member.Value)),
        _ => false,
    };
}
