using System.ClientModel;
using AgentGate.Budgets;
using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Clients;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Policies;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Limits;

/// <summary>What the official SDKs and an application in process make of a limit.</summary>
public sealed class LimitedClientTests
{
    public static TheoryData<string, bool> BothWays => Routes.BothWays;

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_official_client_throws_its_own_exception_for_a_limit(string route, bool stream)
    {
        await using var server = await GatewayServer.StartAsync(settings: OnePer("00:01:00"));
        var client = ModelClient.Create(route, server.Url, server.Key, new HttpClient(), retries: 0);
        await client.AskAsync(Question.Of("Hello"), stream);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(Question.Of("Hello again"), stream));

        if (route == "messages")
        {
            Assert.Contains("AG2101", Assert.IsType<AnthropicRateLimitException>(refused).ResponseBody, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(429, Assert.IsType<ClientResultException>(refused).Status);
            Assert.Contains("AG2101", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("messages")]
    public async Task The_official_client_waits_as_told_and_its_retry_passes(string route)
    {
        await using var server = await GatewayServer.StartAsync(settings: OnePer("00:00:01"));
        var requests = new CountingHandler(null);
        var client = ModelClient.Create(route, server.Url, server.Key, new HttpClient(requests));
        await client.AskAsync(Question.Of("Hello"), stream: false);

        var answer = await client.AskAsync(Question.Of("Hello again"), stream: false);

        Assert.Contains("Hello again", answer.Text, StringComparison.Ordinal);
        Assert.InRange(requests.Count, 2, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_process_a_limit_is_an_exception_that_says_when_to_try_again(bool stream)
    {
        var services = new ServiceCollection().AddAgentGate();
        services.Configure<PolicyOptions>(policies => policies.UseShippedDefault = true);
        services.Configure<BudgetOptions>(budgets => budgets.Prices["m"] = new PriceOptions { Input = 0, Output = 0 });
        services.Configure<LimitsOptions>(limits => limits.Rules.Add(new LimitRule { Name = "calls", Calls = 2, Action = GateActions.CallModel }));
        await using var provider = services.BuildServiceProvider();
        using var client = new Echo().AsBuilder().UseAgentGate(options => options.ModelId = "m").Build(provider);
        await AskAsync(client, stream);
        await AskAsync(client, stream);

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => AskAsync(client, stream));

        Assert.Equal((Codes.LimitReached, DenialKind.Limited), (denied.Code, denied.Kind));
        Assert.InRange(denied.RetryAfter!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
        Assert.Contains("\"calls\" is reached: 2 calls in 60 s per key.", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_process_no_rule_is_shipped_unless_asked_for()
    {
        Assert.Empty(Options(_ => { }).Rules);

        var shipped = Assert.Single(Options(options => options.UseShippedDefault = true).Rules);
        Assert.Equal((600, "callModel", LimitPer.Key), (shipped.Calls, shipped.Action, shipped.Per));
        Assert.Throws<OptionsValidationException>(() => Options(options => options.Rules.Add(new LimitRule { Name = "r" })));
    }

    private static LimitsOptions Options(Action<LimitsOptions> configure)
    {
        using var provider = new ServiceCollection().AddAgentGate().Configure(configure).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<LimitsOptions>>().Value;
    }

    private static async Task AskAsync(IChatClient client, bool stream)
    {
        if (!stream)
        {
            await client.GetResponseAsync("hello");
            return;
        }

        await foreach (var _ in client.GetStreamingResponseAsync("hello"))
        {
        }
    }

    private static Dictionary<string, string?> OnePer(string window) => new()
    {
        ["AgentGate:Limits:Rules:0:Name"] = "one",
        ["AgentGate:Limits:Rules:0:Calls"] = "1",
        ["AgentGate:Limits:Rules:0:Window"] = window,
        ["AgentGate:Limits:Rules:0:Action"] = "callModel",
    };

    private sealed class Echo : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "hello")));

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "hello");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
