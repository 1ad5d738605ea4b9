#pragma warning disable OPENAI001 // the Responses client is marked experimental in this SDK
using System.Text;
using OpenAI.Responses;

namespace AgentGate.Integration.Tests.Providers;

public sealed class DemoOpenAIResponsesTests
{
    private readonly DemoBench _bench = new();

    private ResponsesClient Responses => _bench.OpenAI.GetResponsesClient();

    private static CreateResponseOptions Ask(string text, string? previous = null)
    {
        var options = new CreateResponseOptions { Model = "demo-echo", PreviousResponseId = previous };
        options.InputItems.Add(ResponseItem.CreateUserMessageItem(text));
        return options;
    }

    [Fact]
    public async Task An_echo_comes_back_through_the_official_client()
    {
        var answer = (await Responses.CreateResponseAsync(Ask("hello <SSN_1>"))).Value;

        Assert.Equal("You said: hello <SSN_1>", answer.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Equal(_bench.Time.GetUtcNow(), answer.CreatedAt);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_stream_runs_through_the_whole_sequence_and_ends_with_the_same_response()
    {
        var text = new StringBuilder();
        var updates = new List<StreamingResponseUpdate>();
        var options = Ask("the number is <SSN_1>");
        options.StreamingEnabled = true;

        await foreach (var update in await Responses.CreateResponseStreamingAsync(options))
        {
            updates.Add(update);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
            {
                text.Append(delta.Delta);
            }
        }

        Assert.Equal("You said: the number is <SSN_1>", text.ToString());
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(u => u.SequenceNumber));
        Assert.IsType<StreamingResponseCreatedUpdate>(updates[0]);
        Assert.IsType<StreamingResponseInProgressUpdate>(updates[1]);
        Assert.IsType<StreamingResponseOutputItemAddedUpdate>(updates[2]);
        Assert.IsType<StreamingResponseContentPartAddedUpdate>(updates[3]);
        Assert.IsType<StreamingResponseOutputTextDoneUpdate>(updates[^4]);
        Assert.IsType<StreamingResponseContentPartDoneUpdate>(updates[^3]);
        Assert.IsType<StreamingResponseOutputItemDoneUpdate>(updates[^2]);
        var completed = Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]);
        Assert.Equal(text.ToString(), completed.Response.GetOutputText());
    }

    [Fact]
    public async Task Tool_calls_stream_their_arguments_and_take_a_result()
    {
        var arguments = new StringBuilder();
        var options = Ask("/thinking hm\n/tool a {\"x\":\"1234567890\"}\n/tool b {}");
        options.StreamingEnabled = true;
        var calls = new List<FunctionCallResponseItem>();
        string? responseId = null;

        await foreach (var update in await Responses.CreateResponseStreamingAsync(options))
        {
            switch (update)
            {
                case StreamingResponseFunctionCallArgumentsDeltaUpdate { OutputIndex: 1 } delta:
                    arguments.Append(delta.Delta);
                    break;
                case StreamingResponseOutputItemDoneUpdate { Item: FunctionCallResponseItem call }:
                    calls.Add(call);
                    break;
                case StreamingResponseCompletedUpdate completed:
                    responseId = completed.Response.Id;
                    Assert.IsType<ReasoningResponseItem>(completed.Response.OutputItems[0]);
                    break;
            }
        }

        Assert.Equal(["a", "b"], calls.Select(c => c.FunctionName));
        Assert.Equal("{\"x\":\"1234567890\"}", arguments.ToString());
        Assert.Equal(arguments.ToString(), calls[0].FunctionArguments.ToString());

        var next = new CreateResponseOptions { Model = "demo-echo", PreviousResponseId = responseId };
        next.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(calls[0].CallId, "42"));
        Assert.Equal("Tool said: 42", (await Responses.CreateResponseAsync(next)).Value.GetOutputText());
    }

    [Fact]
    public async Task A_previous_response_is_remembered()
    {
        var first = (await Responses.CreateResponseAsync(Ask("my number is <SSN_1>"))).Value;

        var second = (await Responses.CreateResponseAsync(Ask("/recall", first.Id))).Value;

        Assert.Equal("Before, you said: my number is <SSN_1>", second.GetOutputText());
        Assert.Equal(first.Id, second.PreviousResponseId);
    }

    [Fact]
    public async Task An_unknown_previous_response_is_refused()
    {
        var error = await Assert.ThrowsAsync<System.ClientModel.ClientResultException>(
            () => Responses.CreateResponseAsync(Ask("/recall", "resp_nobody")));

        Assert.Equal(400, error.Status);
    }
}
