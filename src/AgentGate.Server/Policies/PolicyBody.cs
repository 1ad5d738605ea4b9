using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentGate.Diagnostics;
using AgentGate.Policies.Versions;

namespace AgentGate.Server.Policies;

/// <summary>Reads bodies and path segments of requests about policies, strictly.</summary>
internal static class PolicyBody
{
    /// <summary>The whole body; the server's bound for API routes holds.</summary>
    /// <exception cref="PolicyProblem">It is too large, or broke off.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            var body = context.Request.BodyReader;
            ReadResult read;
            do
            {
                read = await body.ReadAsync(cancellationToken);
                foreach (var piece in read.Buffer)
                {
                    buffer.Write(piece.Span);
                }

                body.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
        }
        catch (BadHttpRequestException refused)
        {
            throw new PolicyProblem(
                refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? Codes.TooLarge : Codes.PolicyRequestInvalid,
                refused.StatusCode,
                "The body is too large, or broke off.");
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The body as a record. Unknown members, members that stand there twice and other types are refused.</summary>
    /// <exception cref="PolicyProblem">It is not that.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var utf8 = await ReadAsync(context, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.Deserialize(type) ?? throw PolicyProblem.Invalid("body", "The body must be a JSON object.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            throw PolicyProblem.Invalid(member, $"The body is not what this route takes, at \"{member}\": unknown members, members twice and other types are refused.");
        }
    }

    /// <summary>The number of a version, written <c>7</c> or <c>v7</c>; 0 for something that cannot be one.</summary>
    public static int Version(string id)
        => int.TryParse(id.AsSpan(id.StartsWith('v') ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : PolicyVersion.Configured;

    /// <summary>A number of the query.</summary>
    /// <exception cref="PolicyProblem">It is no number within the bounds.</exception>
    public static int Number(string field, string? text, int fallback, int min, int max)
        => text is null ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : throw PolicyProblem.Invalid(field, $"'{field}' must be an integer from {min} to {max}.");
}
