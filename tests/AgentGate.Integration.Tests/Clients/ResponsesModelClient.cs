// The SDK marks this client as experimental; it is the official one all the same.
#pragma warning disable OPENAI001
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI.Responses;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>OpenAI's SDK at <c>/v1/responses</c>.</summary>
internal sealed class ResponsesModelClient(string url, string key, HttpClient http, int? retries) : ModelClient
{
    private readonly ResponsesClient _client = new(
        new ApiKeyCredential(key),
        new ResponsesClientOptions
        {
            Endpoint = new Uri(url + "/v1"),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = retries is { } times ? new ClientRetryPolicy(times) : null,
        });

    protected override async Task<Answer> WholeAsync(Question question, CancellationToken cancellationToken)
    {
        ResponseResult response = await _client.CreateResponseAsync(Options(question), cancellationToken);
        return Read(response);
    }

    protected override async Task<Answer> StreamAsync(Question question, Action<string> onText, CancellationToken cancellationToken)
    {
        var options = Options(question);
        options.StreamingEnabled = true;
        var text = new StringBuilder();
        Answer? answer = null;
        var sequence = -1;
        await using var updates = await _client.CreateResponseStreamingAsync(options, cancellationToken);
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            Assert.True(update.SequenceNumber > sequence, "The sequence numbers must rise.");
            sequence = update.SequenceNumber;
            switch (update)
            {
                case StreamingResponseOutputTextDeltaUpdate delta:
                    text.Append(delta.Delta);
                    onText(delta.Delta);
                    break;
                case StreamingResponseCompletedUpdate completed:
                    answer = Read(completed.Response);
                    break;
                case StreamingResponseErrorUpdate error:
                    throw new StreamErrorException(error.Code, error.Message);
            }
        }

        // The last event repeats the whole answer: both ways to read it must agree.
        Assert.NotNull(answer);
        Assert.Equal(answer.Text, text.ToString());
        return answer;
    }

    private static Answer Read(ResponseResult response) => new(
        response.Id,
        response.GetOutputText() ?? "",
        [.. response.OutputItems.OfType<FunctionCallResponseItem>().Select(
            call => new ToolUse(call.CallId, call.FunctionName, call.FunctionArguments.ToString()))],
        response.Status.ToString()!,
        response.Usage.InputTokenCount,
        response.Usage.OutputTokenCount);

    private static CreateResponseOptions Options(Question question)
    {
        var options = new CreateResponseOptions(question.Model, question.Turns.SelectMany(Items)) { PreviousResponseId = question.Previous };
        foreach (var tool in question.Tools)
        {
            options.Tools.Add(ResponseTool.CreateFunctionTool(tool, AnyObject, strictModeEnabled: false));
        }

        return options;
    }

    private static IEnumerable<ResponseItem> Items(Turn turn) => turn switch
    {
        Turn.User(var text) => [ResponseItem.CreateUserMessageItem(text)],
        Turn.Picture(var text, var png) =>
        [
            ResponseItem.CreateUserMessageItem(
            [
                ResponseContentPart.CreateInputTextPart(text),
                ResponseContentPart.CreateInputImagePart(new Uri("data:image/png;base64," + Convert.ToBase64String(png))),
            ]),
        ],
        Turn.ToolResult(var id, var text) => [ResponseItem.CreateFunctionCallOutputItem(id, text)],
        Turn.Assistant({ Tools.Count: > 0 } answer) =>
            answer.Tools.Select(tool => ResponseItem.CreateFunctionCallItem(tool.Id, tool.Name, BinaryData.FromString(tool.Arguments))),
        Turn.Assistant(var answer) => [ResponseItem.CreateAssistantMessageItem(answer.Text)],
        _ => [],
    };
}
