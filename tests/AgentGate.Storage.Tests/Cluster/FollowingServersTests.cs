using System.Diagnostics;
using System.Globalization;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using AgentGate.Keys;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Deception;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Policies;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>Two servers on one database: what one changes, the other follows.</summary>
public sealed class FollowingServersTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly EphemeralSigningKeys s_keys = new(new SystemIdSource(TimeProvider.System));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_server_changes_counts_at_the_other_within_a_second()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = new Server(database.Url);
        await using var other = new Server(database.Url);
        await other.CurrentAsync();
        var created = await one.Keys.CreateAsync(new NewApiKey { Tenant = "a", Name = "key", Scopes = [Scopes.Doors] }, Cancel);
        var act = new PolicyAct(s_now, "agent_1");
        const string Text = "permit (principal, action, resource);";
        await one.Versions.AddAsync("a", Text, PolicyCheck.Of(Text).ToFacts(Text, ""), act, Cancel);
        Assert.NotNull(await other.Keys.AuthenticateAsync(created.Text, Cancel));

        TimeSpan[] seen =
        [
            await SeenAsync(() => one.Keys.RevokeAsync("a", created.Key.Id, Cancel), async () => await other.Keys.AuthenticateAsync(created.Text, Cancel) is null),
            await SeenAsync(
                () => one.Versions.ActivateAsync("a", new PolicyActivation(1, PolicyCheck.HashOf(Text), 0, false), act, Cancel),
                () => other.Policies.Current("a").Version == "v1"),
            await SeenAsync(
                () => one.Versions.ActivateAsync("a", new PolicyActivation(0, null, 1, true), act, Cancel),
                () => ReferenceEquals(other.Policies.Current("a"), other.Policies.Configured)),
            await SeenAsync(() => one.GrantStore.AddAsync(Stored("g_1"), Cancel), () => other.Grants.Current("a").GrantsSize == 1),
            await SeenAsync(
                () => one.GrantStore.RevokeAsync(new StoredRevocation("a", new GrantRevocation(Id("g_1"), s_now, "left"), "agent_2", "call"), Cancel),
                () => other.Grants.Current("a").IsRevoked(Id("g_1"))),
            await SeenAsync(() => one.GrantStore.ForgetAsync("a", DateTimeOffset.MaxValue, Cancel), () => other.Grants.Current("a").GrantsSize == 0),
            await SeenAsync(() => one.HoneyStore.AddAsync(Token(), Cancel), () => other.Honey.Of("a").Count == 1),
            await SeenAsync(
                () => one.HoneyStore.AddTriggerAsync(new HoneyTrigger("t1", "a", "ht_1", HoneyType.DataStore, "agent_1", "call", s_now, 2), Cancel),
                () => other.Honey.StandingOf("a", "agent_1") == 2),
            await SeenAsync(() => one.HoneyStore.ClearAsync("a", "agent_1", s_now, "op", Cancel), () => other.Honey.StandingOf("a", "agent_1") == 0),
            await SeenAsync(() => one.HoneyStore.RemoveAsync("a", "ht_1", Cancel), () => other.Honey.Of("a").Count == 0),
            await SeenAsync(() => one.Nodes.AddAsync(Node(), Cancel), () => other.Nodes.NodesOf("a").Length == 1),
            await SeenAsync(() => one.Nodes.RemoveAsync("a", "node-1", Cancel), () => other.Nodes.NodesOf("a").IsEmpty),
        ];

        TestContext.Current.SendDiagnosticMessage("seen after {0} ms", string.Join(", ", seen.Select(one => one.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))));
        Assert.True(seen.Order().ElementAt(seen.Length / 2) < TimeSpan.FromSeconds(1), $"Half of the changes took longer than {seen.Order().ElementAt(seen.Length / 2)}.");
    }

    [Fact]
    public async Task A_server_that_loses_the_database_believes_nothing_it_held_and_goes_on_by_itself_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var url = await postgres.CreateDatabaseAsync();
        await using (var owner = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url)))
        {
            await new PostgresStorageInitializer(owner).InitializeAsync(Cancel);
        }

        await using var server = new Server(url, TimeSpan.FromSeconds(1));
        var created = await server.Keys.CreateAsync(new NewApiKey { Tenant = "a", Name = "key", Scopes = [Scopes.Doors] }, Cancel);
        await server.CurrentAsync();
        Assert.NotNull(await server.Keys.AuthenticateAsync(created.Text, Cancel));

        await postgres.KillAsync();
        await UntilAsync(() => server.Age.IsTooOld);
        await Assert.ThrowsAnyAsync<Exception>(async () => await server.Keys.AuthenticateAsync(created.Text, Cancel));

        await postgres.StartAgainAsync();
        await UntilAsync(() => !server.Age.IsTooOld);
        await server.GrantStore.AddAsync(Stored("g_1"), Cancel);
        await UntilAsync(() => server.Grants.Current("a").GrantsSize == 1);
        Assert.NotNull(await server.Keys.AuthenticateAsync(created.Text, Cancel));
    }

    private static Task<TimeSpan> SeenAsync(Func<Task> change, Func<bool> isSeen) => SeenAsync(change, () => Task.FromResult(isSeen()));

    private static async Task<TimeSpan> SeenAsync(Func<Task> change, Func<Task<bool>> isSeen)
    {
        await change();
        var patience = Stopwatch.StartNew();
        while (!await isSeen())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "It is never seen.");
            await Task.Delay(1, Cancel);
        }

        return patience.Elapsed;
    }

    private static Task<TimeSpan> UntilAsync(Func<bool> isSo) => SeenAsync(() => Task.CompletedTask, isSo);

    private static string Id(string name) => "g_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..32];

    private static StoredGrant Stored(string name)
    {
        var grant = new Grant
        {
            Id = Id(name),
            Tenant = "a",
            Principal = "agent_1",
            Delegate = "worker",
            Actions = ["callTool"],
            ResourceScope = ["Tool:crm/*"],
            IssuedAt = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2099, 2, 1, 0, 0, 0, TimeSpan.Zero),
        };
        return new StoredGrant("a", grant.Id, SignedGrant.Sign(grant, s_keys.Current).Canonical, grant.ExpiresAt, "agent_1", "call");
    }

    private static StoredHoneyToken Token() => new(
        new HoneyToken
        {
            Id = "ht_1", Tenant = "a", Type = HoneyType.DataStore, Name = "n", Description = "", ResourcePattern = "/secret/*", HasValue = false, CreatedAt = s_now, CreatedBy = "op",
        },
        null);

    private static SafetyNode Node() => new()
    {
        Tenant = "a",
        NodeId = "node-1",
        Url = new Uri("https://node-1.example/"),
        Key = VerificationKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)1, 32)]),
        RegisteredAt = s_now,
        RegisteredBy = "op",
    };

    /// <summary>What a server holds in memory, and what keeps it as the store has it.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly PostgresDatabase _database;
        private readonly PostgresChangeFeed _feed;
        private readonly Task _following;

        public Server(string url, TimeSpan? staleAfter = null)
        {
            _database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url));
            _feed = new PostgresChangeFeed(_database);
            var (contexts, time) = (new PostgresTenantContexts(_database), TimeProvider.System);
            var (ids, options) = (new SystemIdSource(time), new ChangeOptions { StaleAfter = staleAfter ?? TimeSpan.FromSeconds(5) });
            Age = new KnowledgeAge(options, time);
            Keys = new ApiKeyService(new EfApiKeyStore(contexts), new ApiKeyOptions { CacheFor = TimeSpan.FromHours(1) }, time, ids, NullLogger<ApiKeyService>.Instance, Age);
            (Versions, GrantStore, HoneyStore) = (new EfPolicyVersions(contexts), new EfGrantStore(contexts), new EfHoneyStore(contexts));
            Nodes = new SafetyNodes(new EfSafetyNodeStore(contexts), new SafetyNodeOptions());
            IFollowChanges[] followers =
            [
                Keys,
                new StoredPolicies(Versions, Policies, NullLogger<StoredPolicies>.Instance),
                new StoredGrants(GrantStore, Grants, time, NullLogger<StoredGrants>.Instance, new GrantMetrics(), s_keys),
                new StoredHoney(HoneyStore, Honey, new HoneyCipher(new FixedHoneyKey(new byte[32]), ids), NullLogger<StoredHoney>.Instance),
                Nodes,
            ];
            var follower = new ChangeFollower(_feed, followers, options, time, Age, new ChangeMetrics(), NullLogger<ChangeFollower>.Instance);
            _following = follower.RunAsync(_end.Token);
        }

        public KnowledgeAge Age { get; }

        public ApiKeyService Keys { get; }

        public PolicyRegistry Policies { get; } = new(ActivePolicies.Of(ActivePolicies.ConfigurationVersion, Cedar.Syntax.PolicySet.Empty));

        public EfPolicyVersions Versions { get; }

        public GrantRegistry Grants { get; } = new();

        public EfGrantStore GrantStore { get; }

        public HoneyRegistry Honey { get; } = new();

        public EfHoneyStore HoneyStore { get; }

        public SafetyNodes Nodes { get; }

        /// <summary>Everything was read once.</summary>
        public Task<TimeSpan> CurrentAsync()
        {
            var began = Stopwatch.StartNew();
            return UntilAsync(() => Age.Age < began.Elapsed);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _following;
            _end.Dispose();
            Nodes.Dispose();
            await _feed.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
