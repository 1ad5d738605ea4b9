using AgentGate.Chat;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using Microsoft.Extensions.AI;

namespace AgentGate.Tests.Chat;

public sealed class GovernedChatClientTests
{
    private const string Ssn = "123-45-6789";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_provider_gets_a_token_and_the_caller_gets_the_value()
    {
        var (fixture, inner) = (new ChatFixture(), new ScriptedClient());

        var response = await fixture.Govern(inner).GetResponseAsync("My SSN is " + Ssn, cancellationToken: Stop);

        Assert.Equal("My SSN is <SSN_1>", inner.Sent[0][0].Text);
        Assert.Equal("You said: My SSN is " + Ssn, response.Text);
        Assert.Equal("Intent Outcome:Completed", fixture.Record.Story);
        Assert.DoesNotContain(Ssn, fixture.Record.Traces[0].Sent, StringComparison.Ordinal);
        Assert.Equal(("sdk.chat", "callModel", EntityRef.Model("m")), (fixture.Record.Entries[0].Door, fixture.Record.Entries[0].Action, fixture.Record.Entries[0].Resource!.Value));
    }

    [Fact]
    public async Task For_every_split_of_a_stream_the_caller_gets_what_the_whole_text_gives()
    {
        const string Answer = "Is it <SSN_1>, or \\u003cSSN_1\\u003e? <SSN_2> is none, <SSN_1>.";
        var whole = await Whole(Answer);
        for (var split = 0; split <= Answer.Length; split++)
        {
            foreach (var second in new[] { split, Math.Min(split + 1, Answer.Length), Math.Min(split + 3, Answer.Length) })
            {
                string[] pieces = [Answer[..split], Answer[split..second], Answer[second..]];
                var fixture = new ChatFixture();
                var inner = new ScriptedClient { Updates = _ => pieces.Select(piece => Piece(piece)) };

                var text = new List<string>();
                await foreach (var update in fixture.Govern(inner).GetStreamingResponseAsync("My SSN is " + Ssn, cancellationToken: Stop))
                {
                    text.Add(update.Text);
                }

                Assert.Equal(whole, string.Concat(text));
                Assert.Equal("Intent Outcome:Completed", fixture.Record.Story);
            }
        }

        static async Task<string> Whole(string answer)
        {
            var inner = new ScriptedClient { Answer = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) };
            var text = (await new ChatFixture().Govern(inner).GetResponseAsync("My SSN is " + Ssn, cancellationToken: Stop)).Text;
            Assert.Contains(Ssn, text, StringComparison.Ordinal);
            return text;
        }
    }

    [Fact]
    public async Task Text_held_back_comes_before_the_message_the_call_and_the_finish_that_end_it()
    {
        ChatResponseUpdate[] updates =
        [
            Piece("a <SS", "1"),
            Piece("b <SS", "2"),
            new(ChatRole.Assistant, [new FunctionCallContent("c", "look", new Dictionary<string, object?>())]) { MessageId = "2" },
            Piece("c <SS", "2"),
            new(ChatRole.Assistant, []) { MessageId = "2", FinishReason = ChatFinishReason.Stop },
        ];
        var inner = new ScriptedClient { Updates = _ => updates };
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "look")] };

        var seen = new List<string>();
        await foreach (var update in new ChatFixture().Govern(inner).GetStreamingResponseAsync("My SSN is " + Ssn, options, Stop))
        {
            seen.Add(update.FinishReason is not null ? "finish" : update.Contents is [FunctionCallContent] ? "call" : $"{update.MessageId}:{update.Text}");
        }

        Assert.Equal(["1:a ", "1:<SS", "2:b ", "2:<SS", "call", "2:c ", "2:<SS", "finish"], seen);
    }

    [Fact]
    public async Task A_denial_says_its_code_and_kind_and_nothing_reaches_the_inner_client()
    {
        var fixture = new ChatFixture(new PolicyOptions());
        var inner = new ScriptedClient();

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => fixture.Govern(inner).GetResponseAsync("hello", cancellationToken: Stop));

        Assert.Equal(("AG1201", DenialKind.Forbidden), (denied.Code, denied.Kind));
        Assert.Equal(fixture.Record.Entries[0].CallId, denied.CallId);
        Assert.Contains("UseShippedDefault = true", denied.Message, StringComparison.Ordinal);
        Assert.Empty(inner.Sent);
        Assert.Equal("Denied", fixture.Record.Story);
    }

    [Fact]
    public async Task A_block_in_a_stream_throws_after_the_last_update_that_was_allowed()
    {
        var fixture = new ChatFixture();
        var inner = new ScriptedClient
        {
            Updates = _ => [Piece("hello"), new(ChatRole.Assistant, [new DataContent(new byte[3], "image/png")]), Piece("never")],
        };

        var seen = new List<string>();
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(async () =>
        {
            await foreach (var update in fixture.Govern(inner).GetStreamingResponseAsync("hi", cancellationToken: Stop))
            {
                seen.Add(update.Text);
            }
        });

        Assert.Equal("AG1119", denied.Code);
        Assert.Equal(["hello"], seen);
        Assert.Equal("Intent Outcome:Blocked", fixture.Record.Story);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_inner_client_throws_comes_through_and_is_on_record_as_failed(bool stream)
    {
        var fixture = new ChatFixture();
        var inner = new ScriptedClient { Before = _ => throw new HttpRequestException("the provider is away") };

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(fixture.Govern(inner), stream, Stop));

        Assert.Equal("the provider is away", thrown.Message);
        Assert.Equal("Intent Outcome:Failed", fixture.Record.Story);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_goes_away_leaves_a_cancelled_outcome(bool stream)
    {
        var fixture = new ChatFixture();
        using var away = new CancellationTokenSource();
        var inner = new ScriptedClient
        {
            Before = async token =>
            {
                await away.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(fixture.Govern(inner), stream, away.Token));

        Assert.Equal("Intent Outcome:Cancelled", fixture.Record.Story);
    }

    [Fact]
    public async Task A_stream_nobody_reads_to_its_end_leaves_a_cancelled_outcome()
    {
        var fixture = new ChatFixture();
        var inner = new ScriptedClient { Updates = _ => [Piece("one"), Piece("two")] };

        await foreach (var _ in fixture.Govern(inner).GetStreamingResponseAsync("hi", cancellationToken: Stop))
        {
            break;
        }

        Assert.Equal("Intent Outcome:Cancelled", fixture.Record.Story);
    }

    [Fact]
    public async Task The_outcome_is_on_record_before_the_stream_ends()
    {
        var fixture = new ChatFixture();
        var inner = new ScriptedClient { Updates = _ => [Piece("My <SSN"), Piece("_1> and <SS")] };

        var stories = new List<string>();
        await foreach (var _ in fixture.Govern(inner).GetStreamingResponseAsync("My SSN is " + Ssn, cancellationToken: Stop))
        {
            stories.Add(fixture.Record.Story);
        }

        Assert.Equal("Intent", stories[0]);
        Assert.Equal("Intent Outcome:Completed", stories[^1]);
    }

    [Fact]
    public async Task A_raw_representation_goes_neither_out_nor_back()
    {
        var inner = new ScriptedClient
        {
            Answer = _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextContent("hi") { RawRepresentation = "raw" }]) { RawRepresentation = "raw" })
            {
                RawRepresentation = "raw",
            },
        };
        var message = new ChatMessage(ChatRole.User, [new TextContent("hello") { RawRepresentation = Ssn }]) { RawRepresentation = Ssn };

        var response = await new ChatFixture().Govern(inner).GetResponseAsync([message], cancellationToken: Stop);

        Assert.Null(inner.Sent[0][0].RawRepresentation);
        Assert.Null(inner.Sent[0][0].Contents[0].RawRepresentation);
        Assert.Null(response.RawRepresentation);
        Assert.Null(response.Messages[0].RawRepresentation);
        Assert.Null(response.Messages[0].Contents[0].RawRepresentation);
    }

    [Fact]
    public async Task What_did_not_change_keeps_its_objects()
    {
        var inner = new ScriptedClient();
        var options = new ChatOptions { Temperature = 0.5f, Tools = [AIFunctionFactory.Create(() => 1, "look")] };
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "My SSN is " + Ssn)];

        await new ChatFixture().Govern(inner).GetResponseAsync(messages, options, Stop);

        Assert.Same(messages[0], inner.Sent[0][0]);
        Assert.NotSame(messages[1], inner.Sent[0][1]);
        Assert.Equal("My SSN is " + Ssn, messages[1].Text);
        Assert.Same(options.Tools[0], inner.SentOptions[0]!.Tools![0]);
    }

    [Fact]
    public async Task A_call_that_names_no_model_is_refused_before_it_is_a_call()
    {
        var fixture = new ChatFixture();

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(
            () => fixture.Govern(new ScriptedClient(), options => options.ModelId = null).GetResponseAsync("hello", cancellationToken: Stop));

        Assert.Equal(("AG1116", null), (denied.Code, denied.CallId));
        Assert.Empty(fixture.Record.Entries);
    }

    [Fact]
    public async Task A_principal_without_an_id_is_denied()
    {
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(
            () => new ChatFixture().Govern(new ScriptedClient(), options => options.PrincipalId = _ => "").GetResponseAsync("hello", cancellationToken: Stop));

        Assert.Equal("AG6101", denied.Code);
    }

    [Fact]
    public async Task Calls_of_one_session_share_their_tokens()
    {
        var inner = new ScriptedClient();
        var client = new ChatFixture().Govern(inner, options => options.SessionName = _ => "s");

        await client.GetResponseAsync("My SSN is " + Ssn, cancellationToken: Stop);
        await client.GetResponseAsync("Other SSN 219-09-9998, and SSN " + Ssn, cancellationToken: Stop);

        Assert.Equal("Other SSN <SSN_2>, and SSN <SSN_1>", inner.Sent[1][0].Text);
    }

    [Fact]
    public async Task A_permit_is_good_for_one_effect()
    {
        var fixture = new ChatFixture();
        var inner = new ScriptedClient();
        Permit? kept = null;
        var (tree, _) = ChatDocument.Request([new ChatMessage(ChatRole.User, "hello")], null, "m");
        var call = new GateCall
        {
            Id = "c",
            Door = "sdk.chat",
            Principal = SdkPrincipal.Of("app", "default"),
            Action = GateActions.CallModel,
            Resource = EntityRef.Model("m"),
            Context = new CallContext { At = fixture.Time.GetUtcNow() },
            Content = new ChatReading(tree!, "p").Request(),
            Targets = [new EffectTarget("p", "m")],
        };
        var turn = new ChatTurn(call, [new ChatMessage(ChatRole.User, "hello")], null);
        await fixture.Gate.RunAsync(call, new Keeping(permit => kept = permit, new ChatEffect(inner, turn)), Stop);

        Assert.Throws<InvalidOperationException>(() => turn.Use(kept!));
    }

    private static async Task AskAsync(IChatClient client, bool stream, CancellationToken cancellationToken)
    {
        if (!stream)
        {
            await client.GetResponseAsync("hi", cancellationToken: cancellationToken);
            return;
        }

        await foreach (var _ in client.GetStreamingResponseAsync("hi", cancellationToken: cancellationToken))
        {
        }
    }

    private static ChatResponseUpdate Piece(string text, string message = "1") => new(ChatRole.Assistant, text) { MessageId = message };

    private sealed class Keeping(Action<Permit> keep, IEffect effect) : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
        {
            keep(permit);
            return effect.RunAsync(permit, cancellationToken);
        }
    }
}
