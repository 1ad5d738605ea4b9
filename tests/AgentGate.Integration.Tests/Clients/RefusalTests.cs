using System.ClientModel;
using Anthropic.Exceptions;

namespace AgentGate.Integration.Tests.Clients;

public sealed class RefusalTests(ClientServer server) : IClassFixture<ClientServer>
{
    private static readonly byte[] s_png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static TheoryData<string, bool> BothWays => Routes.BothWays;

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_wrong_key_is_401(string route, bool stream)
    {
        var (client, requests) = server.Connect(route, key: "ag_nobody");

        var refused = await RefusedAsync(client, Question.Of("Hello"), stream);

        Assert.Equal(401, Status(refused));
        AssertType<AnthropicUnauthorizedException>(route, refused);
        Assert.Equal(1, requests.Count);
        Assert.Empty(server.Left());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_picture_is_403_and_is_not_tried_again(string route, bool stream)
    {
        var (client, requests) = server.Connect(route);

        var refused = await RefusedAsync(client, new Question(new Turn.Picture("What is this?", s_png)), stream);

        Assert.Equal(403, Status(refused));
        Assert.Contains("AG1117", Text(refused), StringComparison.Ordinal);
        AssertType<AnthropicForbiddenException>(route, refused);
        Assert.Equal(1, requests.Count);
        Assert.Empty(server.Left());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_unknown_model_is_404(string route, bool stream)
    {
        var (client, requests) = server.Connect(route);

        var refused = await RefusedAsync(client, Question.Of("Hello") with { Model = "nobody-9" }, stream);

        Assert.Equal(404, Status(refused));
        Assert.Contains("AG5001", Text(refused), StringComparison.Ordinal);
        AssertType<AnthropicNotFoundException>(route, refused);
        Assert.Equal(1, requests.Count);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_duplicate_member_is_400(string route, bool stream)
    {
        var (client, requests) = server.Connect(route, rewrite: body => "{\"model\":\"other\"," + body.TrimStart()[1..]);

        var refused = await RefusedAsync(client, Question.Of("Hello"), stream);

        Assert.Equal(400, Status(refused));
        Assert.Contains("AG1102", Text(refused), StringComparison.Ordinal);
        AssertType<AnthropicBadRequestException>(route, refused);
        Assert.Equal(1, requests.Count);
        Assert.Empty(server.Left());
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_providers_own_500_comes_through(string route, bool stream)
    {
        var (client, _) = server.Connect(route, retries: 0);

        var refused = await RefusedAsync(client, Question.Of("/fail"), stream);

        Assert.Equal(500, Status(refused));
        Assert.Contains("demo provider fails", Text(refused), StringComparison.Ordinal);
        AssertType<Anthropic5xxException>(route, refused);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_providers_own_429_comes_through(string route, bool stream)
    {
        var (client, _) = server.Connect(route, retries: 0);

        var refused = await RefusedAsync(client, Question.Of("/status 429"), stream);

        Assert.Equal(429, Status(refused));
        AssertType<AnthropicRateLimitException>(route, refused);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_answer_that_breaks_off_is_an_error(string route, bool stream)
    {
        var (client, _) = server.Connect(route, retries: 0);

        var question = Question.Of("/say A text that is long enough to be cut somewhere.\n/fail-midway");

        if (route == "chat" && stream)
        {
            // OpenAI's .NET SDK ignores error events: what it sees is the finish reason.
            Assert.Equal("ContentFilter", (await client.AskAsync(question, stream)).Finish);
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(question, stream));
        }
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_blocked_answer_is_403_or_a_stream_that_ends_with_an_error(string route, bool stream)
    {
        var (client, requests) = server.Connect(route);
        var text = "";
        var question = Question.Of($"/say Harmless words come first, then {ClientServer.BlockedWord} and the end.");

        if (route == "chat" && stream)
        {
            // OpenAI's .NET SDK ignores error events: what it sees is the finish reason.
            var cut = await client.AskAsync(question, stream, said => text += said);
            Assert.Equal("ContentFilter", cut.Finish);
        }
        else
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(question, stream, said => text += said));
            Assert.Contains("AG9999", Text(refused), StringComparison.Ordinal);
            Assert.True(stream || Status(refused) == 403);
        }

        Assert.Equal(1, requests.Count);
        Assert.DoesNotContain(ClientServer.BlockedWord, text, StringComparison.Ordinal);
        Assert.DoesNotContain("the end", text, StringComparison.Ordinal);
        Assert.Equal(stream, text.StartsWith("Harmless", StringComparison.Ordinal));
    }

    private static Task<Exception> RefusedAsync(ModelClient client, Question question, bool stream)
        => Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(question, stream));

    private static int Status(Exception refused) => refused switch
    {
        ClientResultException openai => openai.Status,
        AnthropicApiException anthropic => (int)anthropic.StatusCode,
        _ => throw new InvalidOperationException("Not one of the SDKs' own exceptions.", refused),
    };

    private static string Text(Exception refused) => refused switch
    {
        AnthropicApiException anthropic => anthropic.ResponseBody,
        AnthropicSseException sse => sse.Message + sse.Body,
        _ => refused.Message,
    };

    private static void AssertType<T>(string route, Exception refused)
    {
        if (route == "messages")
        {
            Assert.IsType<T>(refused, exactMatch: false);
        }
        else
        {
            Assert.IsType<ClientResultException>(refused);
        }
    }
}
