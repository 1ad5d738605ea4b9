using System.Collections.Concurrent;
using AgentGate.Loopback;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Isolation;

/// <summary>Starts a whole server of a profile that keeps every line it logs.</summary>
internal static class TenantServer
{
    public static async Task<GatewayServer> StartAsync(string profile, ConcurrentQueue<string> lines, Dictionary<string, string?>? settings = null)
    {
        settings = new(settings ?? []);
        if (profile == "cluster")
        {
            settings["DATABASE_URL"] = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync();
            settings["REDIS_URL"] = $"{(await LoopbackServers.RedisAsync()).Url}?prefix=i{Guid.NewGuid().ToString("n")[..8]}";
        }

        return await GatewayServer.StartAsync(
            // The framework's line for each endpoint that runs, so that every request has one.
            builder => builder.Logging.AddProvider(new Lines(lines)).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Information),
            settings);
    }

    /// <summary>Keeps each line with its scopes, as a writer of structured logs would.</summary>
    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => _scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            _scopes?.ForEachScope((scope, all) => all.Add($"[{scope}]"), scopes);
            lines.Enqueue($"{formatter(state, exception)} {exception} {string.Concat(scopes)}");
        }
    }
}
