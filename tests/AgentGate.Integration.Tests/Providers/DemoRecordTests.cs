using System.Text;
using AgentGate.Server.Providers.Demo;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Providers;

public sealed class DemoRecordTests
{
    [Fact]
    public async Task What_was_received_is_kept_byte_for_byte_without_credentials()
    {
        var bench = new DemoBench();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions?a=1")
        {
            Content = new ByteArrayContent([0xFF, 0x00, .. "not json"u8]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-secret");
        request.Headers.TryAddWithoutValidation("X-Api-Key", "sk-secret");
        request.Headers.TryAddWithoutValidation("x-other", "seen");

        using var response = await bench.Http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        var received = Assert.Single(bench.Record.Received);
        Assert.Equal([0xFF, 0x00, .. "not json"u8], received.Body.ToArray());
        Assert.Equal("/v1/chat/completions?a=1", received.Path);
        Assert.Equal(bench.Time.GetUtcNow(), received.At);
        Assert.Contains(received.Headers, h => h is { Key: "x-other", Value: "seen" });
        Assert.DoesNotContain(received.Headers, h => h.Value.Contains("sk-secret", StringComparison.Ordinal));
        bench.Record.Clear();
        Assert.Empty(bench.Record.Received);
    }

    [Fact]
    public void The_record_is_bounded_by_count_and_by_bytes()
    {
        var record = new DemoRecord();
        for (var i = 0; i < 1_500; i++)
        {
            record.Add(default, "POST", "/", [], [1]);
        }

        Assert.Equal(1_000, record.Received.Count);
        Assert.Equal(1_500, record.Received[^1].Number);

        record.Add(default, "POST", "/", [], new byte[20 * 1024 * 1024]);
        record.Add(default, "POST", "/", [], new byte[20 * 1024 * 1024]);
        Assert.Equal(1_502, Assert.Single(record.Received).Number);
    }

    [Fact]
    public async Task The_same_request_gets_the_same_answer_from_a_new_provider()
    {
        var one = await AskAsync();
        var two = await AskAsync();

        Assert.Equal(one, two);

        static async Task<string> AskAsync()
        {
            using var response = await new DemoBench().Http.PostAsync(
                "/v1/responses", new StringContent("""{"model":"demo-echo","stream":true,"input":"/tool a {\"b\":1}\n/say c"}"""));
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_slow_answer_waits_for_the_clock_between_its_events()
    {
        var time = new FakeTimeProvider();
        using var http = new HttpClient(new DemoHandler(new DemoRecord(), time)) { BaseAddress = new Uri("http://demo.invalid") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent("""{"model":"demo-echo","stream":true,"messages":[{"role":"user","content":"/slow 1000\nhi"}]}"""),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();

        var reading = stream.ReadAsync(new byte[100]).AsTask();
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await reading > 0);
    }

    [Fact]
    public void Pieces_are_small_whole_characters_and_join_to_the_text()
    {
        const string text = "😀😀😀a😀😀 <SSN_1> and <CREDIT_CARD_2>";

        var pieces = DemoText.Pieces(text).ToList();

        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, p => Assert.InRange(p.Length, 1, 8));
        Assert.All(pieces, p => Assert.Equal(p, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(p))));
        Assert.DoesNotContain(pieces, p => p.Contains("<SSN_1>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_fails_midway_breaks_after_its_first_half()
    {
        var bench = new DemoBench();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"demo-echo","messages":[{"role":"user","content":"/fail-midway"}]}"""),
        };
        using var response = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAnyAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task An_image_is_a_part_that_no_guard_can_read()
    {
        var bench = new DemoBench();

        foreach (var (path, body) in new[]
        {
            ("/v1/chat/completions", """{"model":"demo-echo","messages":[{"role":"user","content":"/image"}]}"""),
            ("/v1/responses", """{"model":"demo-echo","input":"/image"}"""),
            ("/v1/messages", """{"model":"demo-echo","messages":[{"role":"user","content":"/image"}]}"""),
        })
        {
            using var response = await bench.Http.PostAsync(path, new StringContent(body));
            Assert.Contains("iVBORw0KGgo", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
