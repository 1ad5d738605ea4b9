using AgentGate.Keys;
using AgentGate.Server.Hosting;
using AgentGate.Server.Providers.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests;

/// <summary>A whole server on a free port of the loopback, with its own state directory, deleted afterwards.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly string _directory;

    private GatewayServer(WebApplication app, string directory, string key)
    {
        App = app;
        _directory = directory;
        Key = key;
        Http = new HttpClient { BaseAddress = new Uri(Url) };
        if (key.Length > 0)
        {
            Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        }
    }

    public WebApplication App { get; }

    /// <summary>The address, for example <c>http://127.0.0.1:41234</c>.</summary>
    public string Url => App.Urls.First();

    /// <summary>The demo key.</summary>
    public string Key { get; }

    /// <summary>A client that carries the demo key.</summary>
    public HttpClient Http { get; }

    /// <summary>What the demo provider received.</summary>
    public DemoRecord Received => App.Services.GetRequiredService<DemoRecord>();

    /// <summary>Starts a server.</summary>
    /// <param name="customize">Last word on its services.</param>
    /// <param name="settings">Settings, as in configuration.</param>
    /// <param name="directory">A state directory to keep; otherwise a fresh one.</param>
    /// <param name="environment">The environment. Outside development there is no demo key.</param>
    public static async Task<GatewayServer> StartAsync(
        Action<WebApplicationBuilder>? customize = null, IReadOnlyDictionary<string, string?>? settings = null, string? directory = null,
        string environment = "Development")
    {
        var isFresh = directory is null && settings?.ContainsKey("DATABASE_URL") is not true;
        directory ??= Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));
        List<string> args =
            ["--environment", environment, "--AGENTGATE_PORT", "0", "--AGENTGATE_HOST", "127.0.0.1", "--AGENTGATE_STATE_DIR", directory];
        if (settings?.Keys.Any(key => key.StartsWith("AgentGate:Budgets", StringComparison.Ordinal)) is not true)
        {
            // Made-up models cost nothing, and bodies reach the provider as they are; tests of budgets say otherwise.
            args.AddRange(["--AgentGate:Budgets:UseShippedDefault", "false", "--AgentGate:Budgets:Prices:*:Input", "0", "--AgentGate:Budgets:Prices:*:Output", "0"]);
        }

        if (settings?.Keys.Any(key => key.StartsWith("AgentGate:Limits:", StringComparison.Ordinal)) != true)
        {
            // The shipped 20 a minute is less than most tests send; the tests of the limits say what they want.
            args.AddRange(["--AgentGate:Limits:Rules:0:Name", "tests", "--AgentGate:Limits:Rules:0:Calls", "1000000"]);
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            args.AddRange(["--" + key, value ?? ""]);
        }

        var app = ServerHost.Build([.. args], builder =>
        {
            builder.Logging.ClearProviders();
            customize?.Invoke(builder);
        });
        if (isFresh)
        {
            await MigratedFile.WriteAsync(Path.Combine(directory, "agentgate.db"));
        }

        var key1 = await ServerHost.PrepareAsync(app, CancellationToken.None);
        await app.StartAsync();
        return new GatewayServer(app, directory, key1 ?? string.Empty);
    }

    /// <summary>Makes another key.</summary>
    public async Task<string> CreateKeyAsync(string principal, params string[] scopes)
        => (await App.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = "default", Name = principal, PrincipalId = principal, Scopes = [.. scopes.Length == 0 ? ["doors"] : scopes] },
            CancellationToken.None)).Text;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (IOException)
        {
            // A database file still held open on some platforms; the temporary directory is cleaned by the system.
        }
    }
}
