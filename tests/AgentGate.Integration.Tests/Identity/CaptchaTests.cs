using System.Net;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>The two CAPTCHAs: work that counts once and for a while, and a provider that is believed only when it answers.</summary>
public sealed class CaptchaTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly KeptRecords _records = new();

    [Fact]
    public async Task Work_done_counts_once_whichever_nonce_and_spelling()
    {
        var captcha = Work(1);
        var challenge = (await captcha.CreateAsync(default)).Challenge!;
        var fitting = Fitting(challenge, 4).Take(2).ToList();

        Assert.True(await captcha.SolvedAsync(fitting[0], "192.0.2.1", default));
        Assert.False(await captcha.SolvedAsync(fitting[0], "192.0.2.1", default));
        Assert.False(await captcha.SolvedAsync(fitting[1], "192.0.2.1", default));
    }

    [Fact]
    public async Task Work_not_done_too_late_on_another_challenge_or_made_up_counts_for_nothing()
    {
        var captcha = Work(1);
        var challenge = (await captcha.CreateAsync(default)).Challenge!;
        var lazy = Enumerable.Range(0, 1000).Select(nonce => $"{challenge}:{nonce}").First(answer => !ProofOfWork.IsWorkDone(answer, 4));
        Assert.False(await captcha.SolvedAsync(lazy, "192.0.2.1", default));
        foreach (var nonsense in (string[])["", ":", "a:b", challenge, challenge + ":", ":1", challenge + ":1:2", new string('A', 76) + ":1", challenge + ":" + new string('1', 33)])
        {
            Assert.False(await captcha.SolvedAsync(nonsense, "192.0.2.1", default));
        }

        // One of another installation, which has another key.
        var foreign = (await Work(2).CreateAsync(default)).Challenge!;
        Assert.False(await captcha.SolvedAsync(Fitting(foreign, 4).First(), "192.0.2.1", default));

        var late = Fitting(challenge, 4).First();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await captcha.SolvedAsync(late, "192.0.2.1", default));
    }

    [Theory]
    [InlineData(200, """{"success":true}""", true)]
    [InlineData(200, """{"success":false}""", false)]
    [InlineData(200, """{"success":"true"}""", false)]
    [InlineData(200, """{}""", false)]
    [InlineData(200, """[]""", false)]
    [InlineData(200, """nonsense""", false)]
    [InlineData(500, """{"success":true}""", false)]
    [InlineData(0, "", false)]
    public async Task A_provider_is_believed_when_it_says_so_plainly_and_never_otherwise(int status, string body, bool solved)
    {
        using var clients = new OneAnswer(status, body);
        var options = Options.Create(new CaptchaOptions { Provider = HCaptcha.Name, SiteKey = "site", Secret = "secret" });
        var captcha = new HCaptcha(clients, new GateMetrics(), options, NullLogger<HCaptcha>.Instance);

        Assert.Equal(solved, await captcha.SolvedAsync("answer", "192.0.2.1", default));
        Assert.Contains("response=answer", clients.Sent, StringComparison.Ordinal);
        Assert.Contains("sitekey=site", clients.Sent, StringComparison.Ordinal);
        Assert.Equal(("hcaptcha", "site"), ((await captcha.CreateAsync(default)).Provider, (await captcha.CreateAsync(default)).SiteKey));
    }

    private ProofOfWork Work(byte key) => new(
        new FixedIdentityKey(Enumerable.Repeat(key, 32).ToArray()), _records, new SystemIdSource(_time), _time, Options.Create(new CaptchaOptions { Difficulty = 4 }));

    private static IEnumerable<string> Fitting(string challenge, int difficulty)
        => Enumerable.Range(0, int.MaxValue).Select(nonce => $"{challenge}:{nonce}").Where(answer => ProofOfWork.IsWorkDone(answer, difficulty));

    private sealed class OneAnswer(int status, string body) : HttpMessageHandler, IHttpClientFactory
    {
        public string Sent { get; private set; } = "";

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent = await request.Content!.ReadAsStringAsync(cancellationToken);
            return status == 0 ? throw new HttpRequestException("No way there.") : new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        }
    }

    /// <summary>Keeps records as the stores do, as far as CAPTCHAs need it.</summary>
    private sealed class KeptRecords : IOneTimeRecords
    {
        private readonly HashSet<(string, string)> _kept = [];

        public Task<bool> AddAsync(OneTimeRecord record, CancellationToken cancellationToken) => Task.FromResult(_kept.Add((record.Kind, record.SecretDigest)));

        public Task<OneTimeRecord?> FindAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<OneTimeRecord?> TakeAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> UpdateAsync(OneTimeRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<OneTimeRecord>> ListAsync(string tenant, string kind, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
