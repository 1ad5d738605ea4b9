using System.Text.Json;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGate.Server.Identity.Device;

/// <summary>Reads the body of an OAuth request: a form, as its standards have it, or JSON with the same names. Both strictly.</summary>
internal static class OAuthBody
{
    private const string Form = "application/x-www-form-urlencoded";
    private const int BytesMax = 64 * 1024;

    private static readonly FormOptions s_bounds = new()
    {
        BufferBodyLengthLimit = BytesMax, ValueCountLimit = 16, KeyLengthLimit = 64, ValueLengthLimit = 32 * 1024, MemoryBufferThreshold = BytesMax,
    };

    /// <summary>The body; nothing sent is an empty one.</summary>
    /// <returns>The body, or what is wrong with it.</returns>
    public static async Task<(T? Body, string? Fault)> ReadAsync<T>(HttpContext context)
        where T : class, new()
    {
        if (context.Request.ContentLength == 0 || (context.Request.ContentType is null && context.Request.ContentLength is null))
        {
            return (new T(), null);
        }

        if (context.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
        {
            var reading = await StrictBody.ReadAsync<T>(context, BytesMax);
            return (reading.Body, reading.Detail);
        }

        if (!PageDoor.IsOwnOrigin(context.Request))
        {
            // A page elsewhere can have a browser send a form, and must not spend what its visitor's address may try.
            return (null, "A form is not taken from the page of another site.");
        }

        try
        {
            var form = await context.Request.ReadFormAsync(s_bounds, context.RequestAborted);
            if (form.Any(field => field.Value.Count != 1 || field.Value[0]!.Contains('\0', StringComparison.Ordinal)))
            {
                return (null, "Each parameter is sent once, and holds no U+0000.");
            }

            // Parameters nobody knows are left alone (RFC 6749 §3.2).
            var known = form.Where(field => typeof(T).GetProperties().Any(property => StrictBody.NameOf(property) == field.Key));
            return (JsonSerializer.SerializeToElement(known.ToDictionary(field => field.Key, field => field.Value[0], StringComparer.Ordinal)).Deserialize<T>(StrictBody.Options), null);
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException or JsonException)
        {
            return (null, "The form cannot be read.");
        }
    }
}
