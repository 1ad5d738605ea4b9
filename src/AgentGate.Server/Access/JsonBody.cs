namespace AgentGate.Server.Access;

/// <summary>Reads the bodies of endpoints whose refusals have a code of their own.</summary>
internal static class JsonBody
{
    /// <summary>The longest body that is read.</summary>
    private const int BytesMax = 64 * 1024;

    /// <summary>The body, or the refusal of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="code">The code of a body that is not what the endpoint takes.</param>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context, string code)
        where T : class
    {
        var reading = await StrictBody.ReadAsync<T>(context, BytesMax);
        return reading.Body is { } body ? (body, null) : (null, ApiProblem.Of(reading.Status, code, reading.Detail!, reading.Field));
    }
}
