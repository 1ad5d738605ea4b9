using System.Globalization;
using System.Net.Http.Headers;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Loopback;
using AgentGate.Server.Pii;
using AgentGate.Pipeline;
using AgentGate.Server.Keys;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using LocalCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>Two servers as processes, on real PostgreSQL and Redis, behind the demo's load balancer. What was started ends with it.</summary>
internal sealed class ClusterBench : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly ServiceProvider _services;
    private readonly string _database;
    private readonly bool _own;

    private ClusterBench(bool own, Dictionary<string, string> settings, PostgresServer postgres, RedisServer redis, string database, CountingUpstream upstream)
    {
        (_own, _settings, Postgres, Redis, _database, Upstream) = (own, settings, postgres, redis, database, upstream);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddClusterStorage(PostgresUrl.Read("DATABASE_URL", database));
        services.AddKeys();
        services.AddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton<IIdentityKey>(_ => FixedIdentityKey.From(FileMasterKeySource.Open(Path.Combine(State, "vault.key"), null).MasterKey));
        _services = services.BuildServiceProvider();
    }

    public PostgresServer Postgres { get; }

    public RedisServer Redis { get; }

    public CountingUpstream Upstream { get; }

    public ServerProcess[] Servers { get; } = new ServerProcess[2];

    public WebApplication Proxy { get; private set; } = null!;

    /// <summary>The state directory the servers share.</summary>
    public string State { get; } = Path.Combine(Path.GetTempPath(), "agentgate-cluster-" + Guid.NewGuid().ToString("n")[..12]);

    /// <summary>The keys, as a third process sees them.</summary>
    public ApiKeyService Keys => _services.GetRequiredService<ApiKeyService>();

    /// <summary>The users, as a third process sees them.</summary>
    public IUserDirectory Users => _services.GetRequiredService<IUserDirectory>();

    /// <summary>The passkeys, as a third process sees them.</summary>
    public IPasskeys Passkeys => _services.GetRequiredService<IPasskeys>();

    public string DemoKey => File.ReadAllText(Path.Combine(State, "demo.key")).Trim();

    /// <summary>Starts one.</summary>
    /// <param name="own">Whether the stores are its own, because the test kills them.</param>
    /// <param name="settings">Settings beside the bench's, as environment variables.</param>
    public static async Task<ClusterBench> StartAsync(bool own, IReadOnlyDictionary<string, string>? settings = null)
    {
        var postgres = own ? await PostgresServer.StartAsync() : await LoopbackServers.PostgresAsync();
        var redis = own ? await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always") : await LoopbackServers.RedisAsync();
        var (upstream, database) = (await CountingUpstream.StartAsync(), await postgres.CreateDatabaseAsync());
        var prefix = "t" + Guid.NewGuid().ToString("n")[..8];
        var all = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database,
            ["REDIS_URL"] = $"{redis.Url}?prefix={prefix}",
            ["AgentGate__Signing__CheckpointInterval"] = "00:00:00.100",
            ["AgentGate__Limits__Servers"] = "2",
            ["AgentGate__Limits__Rules__0__Name"] = "everybody",
            ["AgentGate__Limits__Rules__0__Calls"] = "1000000",
            ["AgentGate__Limits__Rules__0__OnStoreLoss"] = "Allow",
            ["AgentGate__Budgets__UseShippedDefault"] = "false",
            ["AgentGate__Budgets__Prices__*__Input"] = "0",
            ["AgentGate__Budgets__Prices__*__Output"] = "0",
            ["AgentGate__Providers__counted__Kind"] = "openai",
            ["AgentGate__Providers__counted__BaseUrl"] = upstream.Url,
            ["AgentGate__Providers__counted__ApiKey"] = "unused",
            ["AgentGate__Providers__counted__Models__0"] = "m-*",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        var bench = new ClusterBench(own, all, postgres, redis, database, upstream);
        all["AGENTGATE_STATE_DIR"] = bench.State;
        try
        {
            // Both at once: they make one set of keys, one demo key and one migration between them.
            await Task.WhenAll(bench.StartServerAsync(0), bench.StartServerAsync(1));
            bench.Proxy = await RoundRobinProxy.StartAsync("http://127.0.0.1:0", [.. bench.Servers.Select(server => server.Url)]);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server, or a killed one again at its address.</summary>
    public async Task StartServerAsync(int index)
    {
        var port = Servers[index] is { } former ? new Uri(former.Url).Port.ToString(CultureInfo.InvariantCulture) : "0";
        Servers[index] = await ServerProcess.StartAsync(new Dictionary<string, string>(_settings) { ["AGENTGATE_PORT"] = port });
    }

    /// <summary>A client of one server, or of the load balancer.</summary>
    /// <param name="key">The key it carries.</param>
    /// <param name="server">Which server; -1 the load balancer.</param>
    public HttpClient Client(string key, int server = -1)
    {
        var http = new HttpClient { BaseAddress = new Uri(server < 0 ? Proxy.Urls.First() : Servers[server].Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>Makes a key for a principal.</summary>
    public Task<CreatedApiKey> KeyAsync(string principal, params string[] scopes)
        => Keys.CreateAsync(
            new NewApiKey { Tenant = "default", Name = principal, PrincipalId = principal, Scopes = [.. scopes.Length == 0 ? ["doors"] : scopes] }, CancellationToken.None);

    /// <summary>Asks a model; the status and the call's id.</summary>
    public static async Task<(int Status, string CallId, string Text)> AskAsync(HttpClient http, string model = "demo-echo", string text = "hello", CancellationToken stop = default)
    {
        using var response = await http.PostAsync("/v1/chat/completions", Security.Doors.Json($$"""{"model":"{{model}}","max_tokens":1,"messages":[{"role":"user","content":"{{text}}"}]}"""), stop);
        var body = await response.Content.ReadAsStringAsync(stop);
        return ((int)response.StatusCode, response.Headers.TryGetValues("x-agentgate-call-id", out var ids) ? ids.Single() : "", body);
    }

    /// <summary>How long until something holds; it fails after the deadline.</summary>
    public static Task<TimeSpan> UntilAsync(Func<Task<bool>> holds, TimeSpan deadline, string what) => UntilAsync(holds, deadline, () => what);

    /// <summary>The same, with words that are known at the end.</summary>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds, TimeSpan deadline, Func<string> what)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            if (await holds())
            {
                return watch.Elapsed;
            }

            Assert.True(watch.Elapsed < deadline, $"{what()}: not within {deadline.TotalSeconds} s");
        }
    }

    /// <summary>Checks every log of the database from outside, with the keys of the state directory.</summary>
    public async Task<FsckReport> FsckAsync()
    {
        var keys = AgentGate.Audit.SigningKeyFile.Read(Path.Combine(State, "signing.keys"))!;
        await using var connection = await OpenAsync();
        return new LogFsck(connection, new FsckMaterial
        {
            ChainKeys = AgentGate.Audit.FileLogKeySource.OpenForReading(Path.Combine(State, "log.key")),
            SigningKeys = [.. keys.Keys.Select(key => key.Public)],
            Name = keys.Name,
        }).Run();
    }

    /// <summary>How many calls are open whose server is not there any more.</summary>
    public async Task<long> OpenOfEndedServersAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM log_open_intents o LEFT JOIN log_instances i ON i.id = o.instance WHERE i.id IS NULL OR i.ended_at IS NOT NULL OR i.seen_at + i.lease < now()", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The call ids and models of intents and outcomes.</summary>
    public async Task<List<(string Kind, string CallId, string Resource)>> EntriesAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT entry::json ->> 'kind', entry::json ->> 'call_id', coalesce(entry::json -> 'resource' ->> 'id', '') FROM log_entries WHERE entry::json ->> 'kind' IN ('intent', 'outcome')", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var entries = new List<(string, string, string)>();
        while (await reader.ReadAsync())
        {
            entries.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        foreach (var server in Servers.Where(server => server is not null))
        {
            await server.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        await _services.DisposeAsync();
        if (_own)
        {
            await Postgres.DisposeAsync();
            await Redis.DisposeAsync();
        }

        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var url = new NpgsqlConnectionStringBuilder(PostgresUrl.Read("DATABASE_URL", _database).ConnectionString) { Options = $"-c role={PostgresDatabase.SystemRole}", Pooling = false };
        var connection = new NpgsqlConnection(url.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
