using AgentGate.Providers;

namespace AgentGate.Tests.Providers;

public sealed class ProvidersCheckTests
{
    private static IReadOnlyList<string> Errors(string name, ProviderOptions options, params (string Key, string Value)[] environment)
    {
        var all = new ProvidersOptions();
        all.ByName[name] = options;
        return ProvidersCheck.Errors(all, Environment(environment));
    }

    internal static Func<string, string?> Environment(params (string Key, string Value)[] variables)
        => key => variables.Where(v => v.Key == key).Select(v => v.Value).FirstOrDefault();

    private static ProviderOptions Server(string url) => new() { Kind = ProviderKind.OpenAI, BaseUrl = url, ApiKey = "k", Models = { "m" } };

    [Fact]
    public void No_configuration_is_no_error()
        => Assert.Empty(ProvidersCheck.Errors(new ProvidersOptions(), Environment()));

    [Fact]
    public void A_configured_provider_without_its_key_names_the_variable()
    {
        var error = Assert.Single(Errors("openai", new ProviderOptions { Kind = ProviderKind.OpenAI }));

        Assert.Contains("AgentGate:Providers:openai", error, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", error, StringComparison.Ordinal);
        Assert.Empty(Errors("openai", new ProviderOptions { Kind = ProviderKind.OpenAI }, ("OPENAI_API_KEY", "sk-1")));
    }

    [Fact]
    public void A_key_never_stands_in_an_error()
    {
        var errors = Errors("a", new ProviderOptions { Kind = ProviderKind.Anthropic, ApiKey = "sk-secret with blank" });

        Assert.DoesNotContain("sk-secret", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:11434/v1")]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("http://[::1]:11434/v1")]
    public void A_server_on_this_machine_needs_neither_key_nor_tls(string url)
        => Assert.Empty(Errors("ollama", new ProviderOptions { Kind = ProviderKind.OpenAI, BaseUrl = url, Models = { "llama*" } }));

    [Theory]
    [InlineData("http://models.internal/v1", "AllowInsecure")]
    [InlineData("http://localhost.evil.example/v1", "AllowInsecure")]
    [InlineData("https://user:pass@host/v1", "credentials")]
    [InlineData("https://host/v1?key=1", "query")]
    [InlineData("https://host/v1#x", "fragment")]
    [InlineData("https://host/v1?", "query")]
    [InlineData("ftp://host/v1", "absolute")]
    [InlineData("host/v1", "absolute")]
    [InlineData("", "absolute")]
    public void An_address_that_could_leak_is_refused(string url, string says)
        => Assert.Contains(Errors("x", Server(url)), e => e.Contains("AgentGate:Providers:x:BaseUrl", StringComparison.Ordinal) && e.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void Plain_http_is_accepted_when_the_operator_says_so()
    {
        var options = Server("http://models.internal/v1");
        options.AllowInsecure = true;

        Assert.Empty(Errors("x", options));
    }

    [Fact]
    public void A_provider_elsewhere_without_a_key_is_refused()
        => Assert.Contains("ApiKeyEnv", Assert.Single(Errors("x", new ProviderOptions { Kind = ProviderKind.OpenAI, BaseUrl = "https://host/v1", Models = { "m" } })), StringComparison.Ordinal);

    [Fact]
    public void A_compatible_server_does_not_get_the_key_of_openai()
    {
        var options = new ProvidersOptions();
        options.ByName["vllm"] = new ProviderOptions { Kind = ProviderKind.OpenAI, BaseUrl = "http://localhost:1/v1", Models = { "m" } };

        var directory = ProviderDirectory.Build(options, Environment(("OPENAI_API_KEY", "sk-1")), development: false);

        Assert.Null(directory.Find("vllm")!.ApiKey);
        Assert.Equal("sk-1", directory.Find("openai")!.ApiKey);
    }

    [Fact]
    public void Nonsense_is_refused_setting_by_setting()
    {
        Assert.Single(Errors("x", new ProviderOptions()));
        Assert.Contains(Errors("two words", Server("https://h/v1")), e => e.Contains("name", StringComparison.Ordinal));
        Assert.Contains(Errors("caller", Server("https://h/v1")), e => e.Contains("name", StringComparison.Ordinal));
        Assert.NotEmpty(Errors("d", new ProviderOptions { Kind = ProviderKind.Demo, BaseUrl = "http://localhost" }));
        Assert.NotEmpty(Errors("x", new ProviderOptions { Kind = ProviderKind.OpenAI, BaseUrl = "https://h/v1", ApiKey = "k" }));
        Assert.NotEmpty(Errors("x", Changed(o => o.Retries = 6)));
        Assert.NotEmpty(Errors("x", Changed(o => o.IdleTimeout = TimeSpan.Zero)));
        Assert.NotEmpty(Errors("x", Changed(o => o.EventBytesMax = 1)));
        Assert.NotEmpty(Errors("x", Changed(o => o.ModelMap["m*"] = "n")));
        Assert.NotEmpty(Errors("x", Changed(o => o.ModelMap["m"] = "n")));
        Assert.NotEmpty(Errors("x", Changed(o => o.Organization = "a\r\nb")));

        static ProviderOptions Changed(Action<ProviderOptions> change)
        {
            var options = Server("https://h/v1");
            change(options);
            return options;
        }
    }

    [Fact]
    public void Two_providers_may_not_claim_the_same_model_for_the_same_protocol()
    {
        var options = new ProvidersOptions();
        options.ByName["a"] = Server("https://a/v1");
        options.ByName["b"] = Server("https://b/v1");

        Assert.Contains("'m'", Assert.Single(ProvidersCheck.Errors(options, Environment())), StringComparison.Ordinal);

        options.ByName["b"].Kind = ProviderKind.Anthropic;
        Assert.Empty(ProvidersCheck.Errors(options, Environment()));
    }
}
