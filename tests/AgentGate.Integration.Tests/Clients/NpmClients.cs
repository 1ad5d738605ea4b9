using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>Runs <c>npm/clients.mjs</c> once, against a server of its own, and keeps what each of its cases said.</summary>
public sealed partial class NpmClients : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly string[] s_routes = ["chat", "responses", "messages"];

    private readonly ClientServer _server = new();
    private FrozenDictionary<string, string?> _results = FrozenDictionary<string, string?>.Empty;
    private string _missing = "";
    private string _complaint = "";

    private static string Folder { get; } = Find();

    /// <summary>The names of the cases, as the script's source has them.</summary>
    public static IEnumerable<string> Names
    {
        get
        {
            var source = File.ReadAllText(Path.Combine(Folder, "clients.mjs"));
            var scenarios = Scenario().Matches(source).Select(match => match.Groups[1].Value).ToList();
            return s_routes.SelectMany(route => scenarios.SelectMany(name => (string[])[$"{route}: {name}", $"{route}, streamed: {name}"]))
                .Concat(Other().Matches(source).Select(match => match.Groups[1].Value));
        }
    }

    /// <summary>The names of the cases that ran.</summary>
    internal IEnumerable<string> Ran => _results.Keys;

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            _missing = $"The npm SDKs are not installed: run 'npm ci' in {Folder}.";
            return;
        }

        await _server.InitializeAsync();
        try
        {
            await RunAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _missing = "Node.js is not installed.";
        }
    }

    public ValueTask DisposeAsync() => _missing.Length == 0 ? _server.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>Skips the test where Node.js or the SDKs are missing; fails it in CI.</summary>
    internal void Require()
    {
        if (_missing.Length > 0)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", _missing);
            Assert.Skip(_missing);
        }
    }

    /// <summary>Asserts that a case passed.</summary>
    internal void AssertPassed(string name)
    {
        Assert.True(_results.TryGetValue(name, out var error), $"The case did not run. {_complaint}");
        Assert.True(error is null, error);
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("node", ["clients.mjs"])
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["BASE_URL"] = _server.Server.Url;
        start.Environment["KEY"] = _server.Server.Key;
        using var node = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var complaint = node.StandardError.ReadToEndAsync(patience.Token);
            var results = new Dictionary<string, string?>(StringComparer.Ordinal);
            while (await node.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                var result = JsonDocument.Parse(line).RootElement;
                results[result.GetProperty("name").GetString()!] = result.GetProperty("ok").GetBoolean() ? null : result.GetProperty("error").GetString();
                _results = results.ToFrozenDictionary(StringComparer.Ordinal);
            }

            _complaint = await complaint;
        }
        catch (OperationCanceledException)
        {
            _complaint = $"Node.js was still running after {s_patience}.";
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentGate.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return Path.Combine(folder, "tests", "AgentGate.Integration.Tests", "npm");
    }

    [GeneratedRegex(@"^    async '(.+)'\(route, client, stream\)", RegexOptions.Multiline)]
    private static partial Regex Scenario();

    [GeneratedRegex(@"^    async '(.+)'\(\)", RegexOptions.Multiline)]
    private static partial Regex Other();
}
