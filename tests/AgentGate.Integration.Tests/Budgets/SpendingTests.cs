using System.Text.Json.Nodes;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Budgets;

/// <summary>What calls cost, over HTTP in the three formats, whole and streamed.</summary>
public sealed class SpendingTests
{
    private const string ChatAnswer = """{"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]""";
    private const string ChatUsage = """ "usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":800},"completion_tokens_details":{"reasoning_tokens":60}}""";
    private const string ResponsesAnswer = """{"id":"r1","object":"response","status":"completed","output":[{"type":"message","id":"o1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hi","annotations":[]}]}]""";
    private const string ResponsesUsage = """ "usage":{"input_tokens":1000,"output_tokens":100,"total_tokens":1100,"input_tokens_details":{"cached_tokens":800},"output_tokens_details":{"reasoning_tokens":60}}""";
    private const string MessagesAnswer = """{"id":"1","type":"message","role":"assistant","model":"a","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null""";
    private const string MessagesUsage = """ "usage":{"input_tokens":100,"cache_read_input_tokens":800,"cache_creation_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},"output_tokens":100}""";

    // m: 200 x 1 + 800 x 0.5 + 100 x 2 = 800 millionths; a: 100 x 3 + 800 x 0.3 + 60 x 3.75 + 40 x 6 + 100 x 15 = 2505 millionths.
    [Theory]
    [InlineData(Door.Chat, ChatAnswer + "," + ChatUsage + "}", 0.000_8)]
    [InlineData(Door.Responses, ResponsesAnswer + "," + ResponsesUsage + "}", 0.000_8)]
    [InlineData(Door.Messages, MessagesAnswer + "," + MessagesUsage + "}", 0.002_505)]
    public async Task A_whole_answer_costs_what_its_usage_says(string route, string answer, double expected)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(answer);

        var (response, text) = await budgets.AskAsync(route);

        Assert.True(response.IsSuccessStatusCode, text);
        await AssertSpentAsync(budgets, (decimal)expected);
    }

    [Theory]
    [InlineData(Door.Chat, 0.000_8)]
    [InlineData(Door.Responses, 0.000_8)]
    [InlineData(Door.Messages, 0.002_505)]
    public async Task A_streamed_answer_costs_what_its_last_events_say(string route, double expected)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(Stream(route, usage: true), stream: true);

        var (response, text) = await budgets.AskAsync(route, stream: true);

        Assert.True(response.IsSuccessStatusCode, text);
        await AssertSpentAsync(budgets, (decimal)expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_stream_is_asked_for_its_usage_and_only_a_caller_who_asked_sees_it(bool asks)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(Stream(Door.Chat, usage: true), stream: true);

        var (_, text) = await budgets.AskAsync(Door.Chat, body => body["stream_options"] = asks ? new JsonObject { ["include_usage"] = true } : null, stream: true);

        Assert.True(JsonNode.Parse(Assert.Single(budgets.Sent))!["stream_options"]!["include_usage"]!.GetValue<bool>());
        Assert.Equal(asks, text.Contains("prompt_tokens", StringComparison.Ordinal));
        Assert.EndsWith("data: [DONE]", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Chat, false)]
    [InlineData(Door.Responses, false)]
    [InlineData(Door.Messages, false)]
    [InlineData(Door.Chat, true)]
    [InlineData(Door.Responses, true)]
    [InlineData(Door.Messages, true)]
    public async Task An_answer_without_usage_is_counted_here_and_marked(string route, bool stream)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(stream ? Stream(route, usage: false) : route switch
        {
            Door.Chat => ChatAnswer + "}",
            Door.Responses => ResponsesAnswer + "}",
            _ => MessagesAnswer + "}",
        }, stream: stream);

        var (response, text) = await budgets.AskAsync(route, stream: stream);

        Assert.True(response.IsSuccessStatusCode, text);
        var outcome = (await budgets.Server.LogAsync()).Single(entry => entry.Kind == EntryKind.Outcome);
        Assert.True(outcome.Usage!.Estimated);
        Assert.Equal(1, outcome.Usage.OutputTokens);
        Assert.InRange(outcome.Usage.InputTokens, 1, route == Door.Messages ? 4_200 : 60);
        var state = await budgets.StateAsync();
        Assert.Equal((outcome.Usage.CostUsd, 0m), (state.SpentUsd, state.ReservedUsd));
    }

    [Theory]
    [InlineData(Door.Chat, "max_tokens", null, 8192)]
    [InlineData(Door.Chat, "max_completion_tokens", 50, 50)]
    [InlineData(Door.Responses, "max_output_tokens", null, 8192)]
    [InlineData(Door.Messages, "max_tokens", 7000, 7000)]
    public async Task The_answer_is_bounded_in_the_provider_s_own_field(string route, string member, int? asked, int sent)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(route == Door.Messages ? MessagesAnswer + "," + MessagesUsage + "}" : route == Door.Chat ? ChatAnswer + "," + ChatUsage + "}" : ResponsesAnswer + "}");

        await budgets.AskAsync(route, body =>
        {
            if (asked is not null)
            {
                body[member] = asked;
            }
        });

        Assert.Equal(sent, JsonNode.Parse(Assert.Single(budgets.Sent))![member]!.GetValue<int>());
    }

    [Fact]
    public async Task What_is_left_shortens_the_answer_and_each_of_several_answers_counts()
    {
        // 100 millionths: two answers of at most 20 tokens at 2 each leave room for a prompt of 20.
        await using var budgets = await BudgetServer.StartAsync(0.000_3m);
        budgets.Says(ChatAnswer + "," + """ "usage":{"prompt_tokens":10,"completion_tokens":20}}""");

        var (response, text) = await budgets.AskAsync(Door.Chat, body => body["n"] = 2);

        Assert.True(response.IsSuccessStatusCode, text);
        var most = JsonNode.Parse(Assert.Single(budgets.Sent))!["max_tokens"]!.GetValue<int>();
        Assert.InRange(most, 16, 70);
        Assert.Equal(0.000_05m, (await budgets.StateAsync()).SpentUsd);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(429, true)]
    [InlineData(200, false)]
    public async Task A_refusal_of_the_provider_costs_nothing_and_an_answer_nobody_can_read_costs_its_reservation(int status, bool free)
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(free ? """{"error":{"message":"no","type":"x"}}""" : "<html>", status);

        var (response, _) = await budgets.AskAsync(Door.Chat);

        Assert.False(response.IsSuccessStatusCode);
        var state = await budgets.StateAsync();
        Assert.Equal(0m, state.ReservedUsd);
        Assert.Equal(free, state.SpentUsd == 0);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_costs_its_reservation_with_the_prompt_as_reported()
    {
        await using var budgets = await BudgetServer.StartAsync();
        budgets.Says(Stream(Door.Messages, usage: true)[..^120], stream: true);

        await budgets.AskAsync(Door.Messages, stream: true);

        // 100 x 3 + 800 x 0.3 + 60 x 3.75 + 40 x 6 for the prompt, and the 1000 tokens it was allowed.
        var state = await budgets.StateAsync();
        Assert.Equal((0.001_005m + (1000 * 0.000_015m), 0m), (state.SpentUsd, state.ReservedUsd));
    }

    [Fact]
    public async Task What_was_spent_is_there_after_a_restart()
    {
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-budget-" + Guid.NewGuid().ToString("N"));
        var kept = directory + "-kept";
        await using (var before = await BudgetServer.StartAsync(directory: directory))
        {
            before.Says(ChatAnswer + "," + ChatUsage + "}");
            await before.AskAsync(Door.Chat);
            Copy(directory, kept);
        }

        await using var after = await BudgetServer.StartAsync(directory: kept);
        Assert.Equal(0.000_8m, (await after.StateAsync()).SpentUsd);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "server.lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task AssertSpentAsync(BudgetServer budgets, decimal expected)
    {
        var state = await budgets.StateAsync();
        Assert.Equal((expected, 0m, 1m - expected), (state.SpentUsd, state.ReservedUsd, state.RemainingUsd));
        var entries = await budgets.Server.LogAsync();
        var (intent, outcome) = (entries.Single(e => e.Kind == EntryKind.Intent), entries.Single(e => e.Kind == EntryKind.Outcome));
        Assert.Equal(expected, outcome.Usage!.CostUsd);
        Assert.Equal(expected, Assert.Single(outcome.Budgets).NanoUsd / 1_000_000_000m);
        Assert.True(Assert.Single(intent.Budgets).NanoUsd > Assert.Single(outcome.Budgets).NanoUsd);
        Assert.Equal((1000, 100, 800), (outcome.Usage.InputTokens, outcome.Usage.OutputTokens, outcome.Usage.CachedInputTokens));
        Assert.False(outcome.Usage.Estimated);
    }

    private static string Stream(string route, bool usage) => route switch
    {
        Door.Chat =>
            """
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"finish_reason":null}]}

            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}


            """ + (usage ? """data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],""" + ChatUsage + "}\n\n" : "") + "data: [DONE]\n\n",
        Door.Responses =>
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r1\",\"object\":\"response\",\"status\":\"in_progress\",\"output\":[]}}\n\n"
            + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"o1\",\"output_index\":0,\"content_index\":0,\"delta\":\"hi\"}\n\n"
            + "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"sequence_number\":2,\"item_id\":\"o1\",\"output_index\":0,\"content_index\":0,\"text\":\"hi\"}\n\n"
            + "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":" + ResponsesAnswer + (usage ? "," + ResponsesUsage : "") + "}}\n\n",
        _ =>
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"a\",\"content\":[],\"stop_reason\":null"
            + (usage ? "," + MessagesUsage.Replace("\"output_tokens\":100", "\"output_tokens\":1", StringComparison.Ordinal) : "") + "}}\n\n"
            + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n"
            + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null}"
            + (usage ? ",\"usage\":{\"output_tokens\":100}" : "") + "}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    };
}
