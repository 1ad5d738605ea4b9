using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Refuses U+0000 in whatever a request of the control plane says: in its path and query, and in bodies in every member name and string.
/// PostgreSQL's text holds no such character and SQLite's does, so it would be stored by one profile and fail in the other. What models
/// and tools are sent (<c>/v1</c>) keeps it: it is content, and is stored escaped.
/// </summary>
internal sealed class TextCheck(RequestDelegate next)
{
    /// <summary>How deep a body is looked into; every route takes less.</summary>
    private const int DepthMax = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var field = InAddress(context.Request);
        if (field is null && HasText(context.Request))
        {
            var (body, end) = await ReadAsync(context.Request);
            field = InBody(body.WrittenMemory);
            context.Request.Body = new BufferedBody(body.WrittenMemory, end);
        }

        if (field is null)
        {
            await next(context);
            return;
        }

        var denial = new Denial(Codes.InvalidField, $"The field \"{field}\" holds the character U+0000, which no text here may hold. Leave it out.", DenialKind.Invalid);
        await (context.Request.Path.StartsWithSegments("/v1")
            ? AnswerWriter.DenyAsync(context, GatewayRoutes.ShapeOf(context), denial, callId: null)
            : Problems.WriteAsync(context, denial));
    }

    /// <summary>Where a body holds the character: a path of members, as far as their names can be repeated.</summary>
    /// <returns><see langword="null"/> where it holds none, or is no JSON and will be refused as such.</returns>
    internal static string? InBody(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOf((byte)0) >= 0)
        {
            // In JSON it stands nowhere as itself; in other text nowhere at all.
            return "body";
        }

        if (body.Span.IndexOf("\\u0000"u8) < 0)
        {
            return null;
        }

        try
        {
            return InJson(body.Span);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or half a character: the route itself says so.
            return null;
        }
    }

    private static string? InJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DepthMax });
        var path = new string?[DepthMax + 1];
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                continue;
            }

            var text = reader.ValueIsEscaped ? reader.GetString()! : string.Empty;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path[reader.CurrentDepth] = Sayable(reader.ValueIsEscaped ? text : reader.GetString()!);
            }

            if (text.Contains('\0', StringComparison.Ordinal))
            {
                var members = path[..(reader.CurrentDepth + 1)].Where(static member => member is not null).ToList();
                return members.Count == 0 ? "body" : string.Join('.', members);
            }

            Array.Clear(path, reader.CurrentDepth + 1, path.Length - reader.CurrentDepth - 1);
        }

        return null;
    }

    private static string? InAddress(HttpRequest request)
    {
        if (request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return "path";
        }

        return request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
            && request.Query.FirstOrDefault(static pair => pair.Key.Contains('\0', StringComparison.Ordinal) || pair.Value.Any(static value => value?.Contains('\0', StringComparison.Ordinal) == true))
                is { Key: not null } found
            ? Sayable(found.Key)
            : null;
    }

    // The server knows whether there is a body, also where no header says so (HTTP/2).
    private static bool HasText(HttpRequest request)
        => request.Path.StartsWithSegments("/api") && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false;

    /// <summary>The body, bounded by the server; where it broke off or is too large, the route is told when it comes to that.</summary>
    private static async Task<(ArrayBufferWriter<byte> Body, Exception? End)> ReadAsync(HttpRequest request)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(body.GetMemory(4096), request.HttpContext.RequestAborted)) > 0)
            {
                body.Advance(read);
            }

            return (body, null);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return (body, broken);
        }
    }

    /// <summary>A name as an answer may repeat it.</summary>
    private static string Sayable(string name)
    {
        var said = new StringBuilder();
        foreach (var letter in name.Length > 64 ? name[..64] : name)
        {
            said.Append(char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '?');
        }

        return said.ToString();
    }
}
