using AgentGate.Pipeline;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Gives each request an id that stands on its answer and on every line logged for it. A caller's own is taken where it can be nothing but an
/// id: what a header says goes into no log otherwise.
/// </summary>
internal sealed class RequestIds(RequestDelegate next, IIdSource ids, ILogger<RequestIds> logger)
{
    public const string Header = "X-Request-ID";

    private const int LengthMax = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var id = context.Request.Headers[Header] is [{ Length: > 0 and <= LengthMax } sent] && sent.All(IsPlain) ? sent : ids.NewId();
        context.TraceIdentifier = id;
        context.Response.OnStarting(
            static state =>
            {
                var answered = (HttpContext)state;
                answered.Response.Headers[Header] = answered.TraceIdentifier;
                return Task.CompletedTask;
            },
            context);
        using var scope = logger.BeginScope(new RequestScope(id));
        await next(context);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    /// <summary>What log scopes carry: one pair, as structured log writers read it.</summary>
    private sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index]
            => index == 0 ? new("request_id", id) : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"request_id:{id}";
    }
}
