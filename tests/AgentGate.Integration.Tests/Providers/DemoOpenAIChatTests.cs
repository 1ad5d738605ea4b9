using System.ClientModel;
using System.Text;
using OpenAI.Chat;

namespace AgentGate.Integration.Tests.Providers;

public sealed class DemoOpenAIChatTests
{
    private readonly DemoBench _bench = new();

    private ChatClient Chat => _bench.OpenAI.GetChatClient("demo-echo");

    [Fact]
    public async Task An_echo_comes_back_through_the_official_client()
    {
        ChatCompletion answer = await Chat.CompleteChatAsync(new SystemChatMessage("be brief"), new UserChatMessage("My SSN is <SSN_1>, ü 😀"));

        Assert.Equal("You said: My SSN is <SSN_1>, ü 😀", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(_bench.Time.GetUtcNow(), answer.CreatedAt);
        Assert.True(answer.Usage.InputTokenCount > 0);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task A_stream_says_the_same_in_small_pieces_and_ends_with_usage()
    {
        var text = new StringBuilder();
        var pieces = 0;
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync(new UserChatMessage("the number is <SSN_1> 😀😀😀😀😀😀")))
        {
            foreach (var part in update.ContentUpdate)
            {
                text.Append(part.Text);
                pieces++;
            }

            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.Equal("You said: the number is <SSN_1> 😀😀😀😀😀😀", text.ToString());
        Assert.True(pieces > 5);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.NotNull(usage);
    }

    [Fact]
    public async Task Two_tool_lines_are_two_parallel_tool_calls()
    {
        ChatCompletion answer = await Chat.CompleteChatAsync(
            new UserChatMessage("/tool send_mail {\"to\":\"<EMAIL_1>\"}\n/tool now"));

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal(["send_mail", "now"], answer.ToolCalls.Select(t => t.FunctionName));
        Assert.Equal("{\"to\":\"<EMAIL_1>\"}", answer.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal("{}", answer.ToolCalls[1].FunctionArguments.ToString());
        Assert.NotEqual(answer.ToolCalls[0].Id, answer.ToolCalls[1].Id);
    }

    [Fact]
    public async Task Streamed_tool_calls_come_in_pieces_each_by_its_index()
    {
        var arguments = new Dictionary<int, StringBuilder>();
        var names = new Dictionary<int, string>();
        ChatFinishReason? finish = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync(new UserChatMessage("/tool a {\"x\":\"12345678901234567890\"}\n/tool b {\"y\":2}")))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                arguments.TryAdd(call.Index, new StringBuilder());
                arguments[call.Index].Append(call.FunctionArgumentsUpdate?.ToString());
                if (call.FunctionName is { } name)
                {
                    names.Add(call.Index, name);
                }
            }

            finish ??= update.FinishReason;
        }

        Assert.Equal("a", names[0]);
        Assert.Equal("b", names[1]);
        Assert.Equal("{\"x\":\"12345678901234567890\"}", arguments[0].ToString());
        Assert.Equal("{\"y\":2}", arguments[1].ToString());
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
    }

    [Fact]
    public async Task A_tool_result_is_what_the_model_answers_about()
    {
        ChatCompletion first = await Chat.CompleteChatAsync(new UserChatMessage("/tool lookup {\"id\":1}"));

        ChatCompletion second = await Chat.CompleteChatAsync(
            new UserChatMessage("/tool lookup {\"id\":1}"),
            new AssistantChatMessage(first.ToolCalls),
            new ToolChatMessage(first.ToolCalls[0].Id, "it is blue"));

        Assert.Equal("Tool said: it is blue", second.Content[0].Text);
    }

    [Fact]
    public async Task Content_parts_are_read_like_a_string()
    {
        ChatCompletion answer = await Chat.CompleteChatAsync(
            new UserChatMessage(ChatMessageContentPart.CreateTextPart("one"), ChatMessageContentPart.CreateTextPart("two")));

        Assert.Equal("You said: one\ntwo", answer.Content[0].Text);
    }

    [Theory]
    [InlineData("/fail", 500)]
    [InlineData("/status 429", 429)]
    [InlineData("/status 401", 401)]
    public async Task An_error_raises_the_clients_own_exception(string command, int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat.CompleteChatAsync(new UserChatMessage(command)));

        Assert.Equal(status, error.Status);
        Assert.Contains("as it was asked to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_not_found()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => _bench.OpenAI.GetChatClient("gpt-4o").CompleteChatAsync(new UserChatMessage("hi")));

        Assert.Equal(404, error.Status);
    }

    [Fact]
    public async Task A_stream_that_fails_midway_breaks_after_something_was_said()
    {
        var said = 0;

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in Chat.CompleteChatStreamingAsync(new UserChatMessage("/fail-midway\n/say one two three four five six")))
            {
                said += update.ContentUpdate.Count;
            }
        });

        Assert.True(said > 0);
    }

    [Fact]
    public async Task Embeddings_are_the_same_for_the_same_text_in_both_encodings()
    {
        var client = _bench.OpenAI.GetEmbeddingClient("demo-embed");

        var vectors = (await client.GenerateEmbeddingsAsync(["a", "b", "a"])).Value;

        Assert.Equal(vectors[0].ToFloats().ToArray(), vectors[2].ToFloats().ToArray());
        Assert.NotEqual(vectors[0].ToFloats().ToArray(), vectors[1].ToFloats().ToArray());
        using var plain = await _bench.Http.PostAsync(
            "/v1/embeddings", new StringContent("{\"model\":\"demo-embed\",\"input\":\"a\",\"dimensions\":64}"));
        using var document = System.Text.Json.JsonDocument.Parse(await plain.Content.ReadAsStringAsync());
        var floats = document.RootElement.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle());
        Assert.Equal(vectors[0].ToFloats().ToArray(), floats);
        Assert.Equal(1f, vectors[0].ToFloats().ToArray().Sum(v => v * v), 3);
    }

    [Fact]
    public async Task The_models_are_listed_and_found_by_id()
    {
        var client = _bench.OpenAI.GetOpenAIModelClient();

        var models = (await client.GetModelsAsync()).Value;

        Assert.Equal(["demo-echo", "demo-embed"], models.Select(m => m.Id));
        Assert.Equal("demo-echo", (await client.GetModelAsync("demo-echo")).Value.Id);
        await Assert.ThrowsAsync<ClientResultException>(() => client.GetModelAsync("nothing"));
    }
}
