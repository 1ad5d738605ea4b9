using System.Net;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Hosting;
using AgentGate.Pipeline;
using AgentGate.Threats.Behaviour;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Threats;

/// <summary>The operator's list of blocked addresses.</summary>
public sealed class BlocklistTests
{
    private const string Path = "/api/security/blocked-addresses";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_blocks_lists_and_ends_a_block()
    {
        await using var server = await HardenedServer.StartAsync();
        using var made = await server.Http.PostAsync(Path, Security.Doors.Json("""{"address":"203.0.113.9","seconds":600,"reason":"seen-in-logs"}"""), Stop);
        var block = JsonNode.Parse(await made.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.FromAsync("203.0.113.9", HttpMethod.Get, "/")).StatusCode);

        foreach (var path in (string[])[Path, "/api/security/threats/blocked-ips"])
        {
            var list = JsonNode.Parse(await server.Http.GetStringAsync(path, Stop))!;
            var one = Assert.Single(list["blocked"]!.AsArray())!;
            Assert.Equal(("203.0.113.9", "seen-in-logs"), (one["address"]!.GetValue<string>(), one["reason"]!.GetValue<string>()));
            Assert.InRange(one["remaining_seconds"]!.GetValue<long>(), 590, 600);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await server.Http.DeleteAsync($"{Path}/{block["id"]}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.FromAsync("203.0.113.9", HttpMethod.Get, "/")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.DeleteAsync($"{Path}/{block["id"]}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.DeleteAsync($"{Path}/nothing", Stop)).StatusCode);
        var log = await server.Http.GetStringAsync("/api/audit?limit=100", Stop);
        Assert.Contains("security.address-blocked", log, StringComparison.Ordinal);
        Assert.Contains("security.address-unblocked", log, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "address")]
    [InlineData("""{"address":"nonsense"}""", "address")]
    [InlineData("""{"address":"127.0.0.1"}""", "address")]
    [InlineData("""{"address":"::ffff:127.0.0.1"}""", "address")]
    [InlineData("""{"address":"0x7f.1"}""", "address")]
    [InlineData("""{"address":"fe80::1%eth0"}""", "address")]
    [InlineData("""{"address":"10.0.0.0/8"}""", "address")]
    [InlineData("""{"address":"203.0.113.9","seconds":0}""", "seconds")]
    [InlineData("""{"address":"203.0.113.9","seconds":99999999}""", "seconds")]
    [InlineData("""{"address":"203.0.113.9","reason":"two words"}""", "reason")]
    public async Task A_block_that_cannot_be_is_refused_and_its_field_named(string body, string field)
    {
        await using var server = await HardenedServer.StartAsync();
        using var answer = await server.Http.PostAsync(Path, Security.Doors.Json(body), Stop);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal((Codes.BlockInvalid, field), (problem["code"]!.GetValue<string>(), problem["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_operator_cannot_lock_itself_out()
    {
        await using var server = await HardenedServer.StartAsync();
        using var answer = await server.FromAsync("203.0.113.9", HttpMethod.Post, Path, Security.Doors.Json("""{"address":"203.0.113.9"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Others_than_the_operator_see_and_change_nothing()
    {
        await using var server = await HardenedServer.StartAsync();
        using var agent = new HttpClient { BaseAddress = new Uri(server.Url) };
        agent.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("agent", "doors"));
        var foreign = await server.App.Services.GetRequiredService<AgentGate.Keys.ApiKeyService>().CreateAsync(
            new AgentGate.Keys.NewApiKey { Tenant = "other", Name = "o", PrincipalId = "o", Scopes = [.. Scopes.All] }, Stop);
        using var other = new HttpClient { BaseAddress = new Uri(server.Url) };
        other.DefaultRequestHeaders.Add("Authorization", "Bearer " + foreign.Text);

        foreach (var http in (HttpClient[])[agent, other])
        {
            foreach (var path in (string[])[Path, "/api/security/threats/blocked-ips", "/api/alerts"])
            {
                Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(path, Stop)).StatusCode);
            }

            Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync(Path, Security.Doors.Json("""{"address":"203.0.113.9"}"""), Stop)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/alerts/test", Security.Doors.Json("{}"), Stop)).StatusCode);
        }
    }

    [Fact]
    public async Task A_block_ends_by_the_clock_and_a_store_that_fails_leaves_it_in_force_here()
    {
        var time = new FakeTimeProvider();
        using var blocklist = Create(new DownStore(), time);
        var (address, now) = (IPAddress.Parse("203.0.113.9"), time.GetUtcNow());

        await Assert.ThrowsAsync<IOException>(() => blocklist.BlockAsync(
            new BlockedAddress { Origin = "203.0.113.9", Reason = "brute-force", BlockedBy = "system", BlockedAt = now, ExpiresAt = now.AddHours(1) }, Stop));

        Assert.Equal(now.AddHours(1), blocklist.Until(address));
        Assert.Equal(now.AddHours(1), blocklist.Until(address.MapToIPv6()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(blocklist.Until(address));
    }

    [Fact]
    public async Task A_reading_that_began_before_a_block_does_not_take_it_out_of_force()
    {
        var (time, store) = (new FakeTimeProvider(), new SlowStore());
        using var blocklist = Create(store, time);
        var now = time.GetUtcNow();

        // The store has been asked and has not answered; what it will say knows nothing of the block.
        var reading = blocklist.ReloadAsync(Stop);
        var blocking = blocklist.BlockAsync(
            new BlockedAddress { Origin = "203.0.113.9", Reason = "brute-force", BlockedBy = "system", BlockedAt = now, ExpiresAt = now.AddHours(1) }, Stop);
        Assert.Equal(now.AddHours(1), blocklist.Until(IPAddress.Parse("203.0.113.9")));
        store.Answer.SetResult();
        await reading;
        Assert.Equal(now.AddHours(1), blocklist.Until(IPAddress.Parse("203.0.113.9")));
        await blocking;
        await blocklist.ReloadAsync(Stop);

        Assert.Equal(now.AddHours(1), blocklist.Until(IPAddress.Parse("203.0.113.9")));
    }

    private static Blocklist Create(IBlockedAddressStore store, TimeProvider time)
    {
        var options = Options.Create(new BehaviourOptions());
        return new Blocklist(store, new SignInFailures(new BehaviourTests.NoAttempts(), options), new Nobody(), options, time, NullLogger<Blocklist>.Instance);
    }

    private sealed class SlowStore : IBlockedAddressStore
    {
        private readonly List<BlockedAddress> _blocked = [];

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(BlockedAddress Blocked, int MadeRoom)> AddAsync(BlockedAddress blocked, int most, CancellationToken cancellationToken)
        {
            _blocked.Add(blocked);
            return Task.FromResult((blocked, 0));
        }

        public async Task<(IReadOnlyList<BlockedAddress> Blocked, int Unreadable)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            IReadOnlyList<BlockedAddress> read = [.. _blocked];
            await Answer.Task;
            return (read, 0);
        }

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Nobody : ISparedAddresses
    {
        public bool IsSpared(IPAddress address) => false;
    }

    private sealed class DownStore : IBlockedAddressStore
    {
        public Task<(BlockedAddress Blocked, int MadeRoom)> AddAsync(BlockedAddress blocked, int most, CancellationToken cancellationToken) => throw new IOException();

        public Task<(IReadOnlyList<BlockedAddress> Blocked, int Unreadable)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException();

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw new IOException();

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new IOException();
    }
}
