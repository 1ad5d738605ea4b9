using System.Collections.Concurrent;
using AgentGate.Diagnostics;
using AgentGate.Server.Hosting;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>What becomes of the environment of AgentGate 1.0.</summary>
public sealed class PublishedNamesTests
{
    [Theory]
    [InlineData("ALLOW_PRODUCTION_LOCAL_AUTH", "False")]
    [InlineData("ROLE_OPERATOR_ALIAS_ENABLED", "0")]
    [InlineData("API_KEY_WILDCARD_ROLES", "admin,s3cret")]
    [InlineData("API_KEY_MCP_SCOPE_ROLES", "s3cret")]
    [InlineData("API_KEY_ALLOWED_CUSTOM_SCOPES", "s3cret")]
    [InlineData("DATABASE_AUTH_MODE", "entra_token")]
    [InlineData("MCP_REQUIRED_SCOPES", "s3cret")]
    [InlineData("AGENTGATE_CONSENSUS_THRESHOLD", "2")]
    [InlineData("AGENTGATE_MASTER_KEY_FILE", "/s3cret")]
    [InlineData("AGENTGATE_HONEY_SALT", "s3cret")]
    [InlineData("PII_VAULT_ENCRYPTION_KEY_FILE", "/s3cret")]
    public void What_would_leave_the_server_more_open_than_thought_stops_the_start_and_is_not_repeated(string name, string value)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => PublishedNames.Demand(Of((name, value))));

        Assert.StartsWith($"{Codes.ConfigurationInvalid}: {name} has no place here", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALLOW_PRODUCTION_LOCAL_AUTH", "true")]
    [InlineData("ROLE_OPERATOR_ALIAS_ENABLED", "1")]
    [InlineData("DATABASE_AUTH_MODE", "password")]
    [InlineData("API_KEY_WILDCARD_ROLES", "")]
    public void What_asks_for_nothing_else_than_there_is_stops_nothing(string name, string value) => PublishedNames.Demand(Of((name, value)));

    [Fact]
    public void What_nothing_obeys_is_named_once_without_its_value()
    {
        var lines = new ConcurrentQueue<string>();
        PublishedNames.Tell(Of(("DEFAULT_ADMIN_PASSWORD", "s3cret"), ("TESTING", "true"), ("LOG_LEVEL", "Debug")), new Lines(lines));

        var line = Assert.Single(lines);
        Assert.StartsWith(Codes.PublishedNameIgnored, line, StringComparison.Ordinal);
        Assert.Contains("DEFAULT_ADMIN_PASSWORD, TESTING", line, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);

        PublishedNames.Tell(Of(("LOG_LEVEL", "Debug")), new Lines(lines));
        Assert.Single(lines);
    }

    [Theory]
    [InlineData(null, "hcaptcha")]
    [InlineData("proof-of-work", "proof-of-work")]
    public void The_published_names_of_hCaptcha_choose_it_unless_the_section_chooses_otherwise(string? provider, string chosen)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["HCAPTCHA_SITE_KEY"] = "site", ["HCAPTCHA_SECRET"] = "secret", [CaptchaOptions.Section + ":Provider"] = provider,
        });
        builder.Services.AddOptions<CaptchaOptions>().BindConfiguration(CaptchaOptions.Section);
        PublishedCaptchaNames.Bind(builder);
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<CaptchaOptions>>().Value;
        Assert.Equal((chosen, "site", "secret"), (options.Provider, options.SiteKey, options.Secret));
        Assert.Empty(CaptchaOptions.Faults(options));
    }

    private static IConfiguration Of(params (string Name, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Name, one => (string?)one.Value)).Build();

    private sealed class Lines(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Enqueue(formatter(state, exception));
    }
}
