using AgentGate.Providers;
using AgentGate.Server.Providers;
using AgentGate.Server.Providers.Demo;
using AgentGate.Server.Providers.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Providers;

public sealed class ProvidersRegistrationTests
{
    private static ServiceProvider Services(bool development, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new ServiceCollection().AddLogging().AddProviders(configuration, development).BuildServiceProvider();
    }

    [Fact]
    public void Configuration_is_read_from_its_section()
    {
        using var services = Services(
            false,
            ("AgentGate:Providers:ollama:Kind", "openai"),
            ("AgentGate:Providers:ollama:BaseUrl", "http://localhost:11434/v1"),
            ("AgentGate:Providers:ollama:Models:0", "llama*"),
            ("AgentGate:Providers:ollama:ModelMap:small", "qwen3:0.6b"),
            ("AgentGate:Providers:ollama:IdleTimeout", "00:00:30"),
            ("ANTHROPIC_API_KEY", "k"));

        var directory = services.GetRequiredService<ProviderDirectory>();

        Assert.Equal(["anthropic", "ollama"], directory.Providers.Select(p => p.Name));
        Assert.Equal(TimeSpan.FromSeconds(30), directory.Find("ollama")!.Options.IdleTimeout);
        var found = Assert.IsType<RouteResult.Found>(services.GetRequiredService<ModelRouter>().Resolve("small", WireFormat.OpenAIChat));
        Assert.Equal("qwen3:0.6b", found.Route.UpstreamModel);
        Assert.NotNull(services.GetRequiredService<UpstreamTransport>());
        Assert.Same(services.GetRequiredService<DemoRecord>(), services.GetRequiredService<DemoRecord>());
    }

    [Fact]
    public void Unusable_configuration_is_refused_with_the_key_and_the_way_out()
    {
        using var services = Services(false, ("AgentGate:Providers:openai:Kind", "openai"));

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ProvidersOptions>>().Value);

        Assert.Contains("OPENAI_API_KEY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_is_refused()
    {
        using var services = Services(true, ("AgentGate:Providers:x:Kind", "demo"), ("AgentGate:Providers:x:BaseUrI", "typo"));

        Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IOptions<ProvidersOptions>>().Value);
    }
}
