namespace AgentGate.Integration.Tests.Clients;

/// <summary>One of the official .NET SDKs at one of the model routes, so that one scenario is told once and runs through all of them.</summary>
internal abstract class ModelClient
{
    public static ModelClient Create(string route, string url, string key, HttpClient http, int? retries = null) => route switch
    {
        "chat" => new ChatModelClient(url, key, http, retries),
        "responses" => new ResponsesModelClient(url, key, http, retries),
        "messages" => new MessagesModelClient(url, key, http, retries),
        _ => throw new ArgumentOutOfRangeException(nameof(route)),
    };

    /// <summary>Asks for an answer, whole or as a stream that is read to its end.</summary>
    public Task<Answer> AskAsync(Question question, bool stream, Action<string>? onText = null, CancellationToken cancellationToken = default)
        => stream ? StreamAsync(question, onText ?? (_ => { }), cancellationToken) : WholeAsync(question, cancellationToken);

    protected abstract Task<Answer> WholeAsync(Question question, CancellationToken cancellationToken);

    protected abstract Task<Answer> StreamAsync(Question question, Action<string> onText, CancellationToken cancellationToken);

    protected static readonly BinaryData AnyObject = BinaryData.FromString("""{"type":"object","properties":{},"additionalProperties":true}""");
}
