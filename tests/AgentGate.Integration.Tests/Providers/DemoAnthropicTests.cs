using System.Text;
using System.Text.Json;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AgentGate.Integration.Tests.Providers;

public sealed class DemoAnthropicTests
{
    private readonly DemoBench _bench = new();

    private static MessageCreateParams Ask(string text) => new()
    {
        Model = "demo-echo",
        MaxTokens = 100,
        Messages = [new UserMessageParam(text)],
    };

    [Fact]
    public async Task An_echo_comes_back_through_the_official_client()
    {
        var answer = await _bench.Anthropic.Messages.Create(Ask("hello <SSN_1>"));

        Assert.True(answer.Content[0].TryPickText(out var text));
        Assert.Equal("You said: hello <SSN_1>", text.Text);
        Assert.Equal("end_turn", answer.StopReason!.Raw());
        Assert.True(answer.Usage.InputTokens > 0);
    }

    [Fact]
    public async Task A_stream_says_the_same_in_the_real_sequence()
    {
        var text = new StringBuilder();
        var last = "";

        await foreach (var update in _bench.Anthropic.Messages.CreateStreaming(Ask("the number is <SSN_1>")))
        {
            update.Validate();
            if (update.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text.Append(piece.Text);
            }

            last = update.TryPickStop(out _) ? "stop" : "other";
        }

        Assert.Equal("You said: the number is <SSN_1>", text.ToString());
        Assert.Equal("stop", last);
    }

    [Fact]
    public async Task Thinking_and_tool_calls_are_blocks_of_their_own()
    {
        var answer = await _bench.Anthropic.Messages.Create(Ask("/thinking let me see\n/say done\n/tool a {\"x\":1}\n/tool b"));

        Assert.Equal("tool_use", answer.StopReason!.Raw());
        Assert.True(answer.Content[0].TryPickThinking(out var thinking));
        Assert.Equal("let me see", thinking.Thinking);
        Assert.NotEmpty(thinking.Signature);
        Assert.True(answer.Content[2].TryPickToolUse(out var tool));
        Assert.Equal("a", tool.Name);
        Assert.Equal(1, tool.Input["x"].GetInt32());
        Assert.True(answer.Content[3].TryPickToolUse(out _));
    }

    [Fact]
    public async Task Streamed_tool_input_comes_in_pieces_by_block_index()
    {
        var input = new Dictionary<long, StringBuilder>();
        var signed = false;

        await foreach (var update in _bench.Anthropic.Messages.CreateStreaming(Ask("/thinking hm\n/tool a {\"x\":\"1234567890\"}\n/tool b {\"y\":2}")))
        {
            update.Validate();
            if (!update.TryPickContentBlockDelta(out var delta))
            {
                continue;
            }

            signed |= delta.Delta.TryPickSignature(out _);
            if (delta.Delta.TryPickInputJson(out var piece))
            {
                input.TryAdd(delta.Index, new StringBuilder());
                input[delta.Index].Append(piece.PartialJson);
            }
        }

        Assert.True(signed);
        Assert.Equal("{\"x\":\"1234567890\"}", input[1].ToString());
        Assert.Equal("{\"y\":2}", input[2].ToString());
    }

    [Fact]
    public async Task A_tool_result_is_what_the_model_answers_about()
    {
        var body = """
            {"model":"demo-echo","max_tokens":9,"messages":[{"role":"user","content":"/tool a"},
            {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"a","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"it is blue"}]}]}]}
            """;

        using var response = await _bench.Http.PostAsync("/v1/messages", new StringContent(body));

        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("Tool said: it is blue", document.RootElement.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Tokens_are_counted()
    {
        var count = await _bench.Anthropic.Messages.CountTokens(
            new MessageCountTokensParams { Model = "demo-echo", Messages = [new UserMessageParam("hello")] });

        Assert.True(count.InputTokens > 0);
    }

    [Theory]
    [InlineData("/fail", typeof(Anthropic5xxException))]
    [InlineData("/status 529", typeof(AnthropicOverloadedException))]
    [InlineData("/status 429", typeof(AnthropicRateLimitException))]
    [InlineData("/status 403", typeof(AnthropicForbiddenException))]
    public async Task An_error_raises_the_clients_own_exception(string command, System.Type type)
    {
        var error = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => _bench.Anthropic.Messages.Create(Ask(command)));

        Assert.IsType(type, error);
    }

    [Fact]
    public async Task The_models_come_in_the_shape_of_this_protocol()
    {
        var page = await _bench.Anthropic.Models.List();

        Assert.Equal(["demo-echo", "demo-embed"], page.Items.Select(m => m.ID));
        Assert.Equal("demo-echo", (await _bench.Anthropic.Models.Retrieve("demo-echo")).ID);
    }
}
