using AgentGate.Kernel.Decisions;
using AgentGate.Providers;

namespace AgentGate.Tests.Providers;

public sealed class ModelRouterTests
{
    private static ModelRouter Router(Action<ProvidersOptions>? configure = null, bool development = false, params (string Key, string Value)[] environment)
    {
        var options = new ProvidersOptions();
        configure?.Invoke(options);
        return new ModelRouter(ProviderDirectory.Build(options, ProvidersCheckTests.Environment(environment), development));
    }

    private static ModelRoute Found(RouteResult result) => Assert.IsType<RouteResult.Found>(result).Route;

    private static Denial Denied(RouteResult result) => Assert.IsType<RouteResult.Denied>(result).Denial;

    [Fact]
    public void A_key_in_the_environment_is_all_that_the_known_providers_need()
    {
        var router = Router(null, false, ("OPENAI_API_KEY", "a"), ("ANTHROPIC_API_KEY", "b"));

        Assert.Equal("openai", Found(router.Resolve("gpt-4o", WireFormat.OpenAIChat)).Provider);
        Assert.Equal("openai", Found(router.Resolve("text-embedding-3-small", WireFormat.OpenAIEmbeddings)).Provider);
        Assert.Equal("anthropic", Found(router.Resolve("claude-opus-4", WireFormat.AnthropicMessages)).Provider);
    }

    [Fact]
    public void An_unknown_model_is_not_found_and_the_denial_says_what_to_configure()
    {
        var denial = Denied(Router().Resolve("My-SSN-is-123", WireFormat.OpenAIChat));

        Assert.Equal("AG5001", denial.Code);
        Assert.Equal(DenialKind.NotFound, denial.Kind);
        Assert.Contains("OPENAI_API_KEY", denial.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("123", denial.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrong_door_is_told_the_right_one()
    {
        var denial = Denied(Router(null, false, ("ANTHROPIC_API_KEY", "b")).Resolve("claude-opus-4", WireFormat.OpenAIChat));

        Assert.Equal("AG5002", denial.Code);
        Assert.Contains("/v1/messages", denial.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_is_there_in_development_and_otherwise_only_when_configured()
    {
        Assert.Equal("demo", Found(Router(development: true).Resolve("demo-echo", WireFormat.AnthropicMessages)).Provider);
        Assert.Equal("AG5001", Denied(Router().Resolve("demo-echo", WireFormat.OpenAIChat)).Code);
        Assert.Equal("try", Found(Router(o => o.ByName["try"] = new() { Kind = ProviderKind.Demo }).Resolve("demo-echo", WireFormat.OpenAIChat)).Provider);
    }

    [Fact]
    public void The_most_specific_claim_wins()
    {
        var router = Router(
            o =>
            {
                o.ByName["all"] = new() { Kind = ProviderKind.OpenAI, BaseUrl = "http://localhost:1", Models = { "*" } };
                o.ByName["mini"] = new() { Kind = ProviderKind.OpenAI, BaseUrl = "http://localhost:2", Models = { "gpt-*-mini" } };
                o.ByName["one"] = new() { Kind = ProviderKind.OpenAI, BaseUrl = "http://localhost:3", ModelMap = { ["gpt-4o-mini"] = "local/model" }, Region = "eu" };
            },
            false,
            ("OPENAI_API_KEY", "a"));

        Assert.Equal("all", Found(router.Resolve("llama", WireFormat.OpenAIChat)).Provider);
        Assert.Equal("openai", Found(router.Resolve("gpt-4o", WireFormat.OpenAIChat)).Provider);
        Assert.Equal("mini", Found(router.Resolve("gpt-5-mini", WireFormat.OpenAIChat)).Provider);
        var route = Found(router.Resolve("gpt-4o-mini", WireFormat.OpenAIChat));
        Assert.Equal(new EffectTarget("one", "local/model", "eu"), route.Target);
        Assert.Equal("gpt-4o-mini", route.CallerModel);
    }

    [Fact]
    public void A_provider_that_speaks_the_format_is_preferred_to_a_better_pattern_that_does_not()
    {
        var router = Router(o =>
        {
            o.ByName["a"] = new() { Kind = ProviderKind.Anthropic, ApiKey = "k", Models = { "claude-opus" } };
            o.ByName["b"] = new() { Kind = ProviderKind.OpenAI, BaseUrl = "http://localhost:1", Models = { "claude-*" } };
        });

        Assert.Equal("b", Found(router.Resolve("claude-opus", WireFormat.OpenAIChat)).Provider);
        Assert.Equal("a", Found(router.Resolve("claude-opus", WireFormat.AnthropicMessages)).Provider);
    }

    [Fact]
    public void An_explicit_claim_takes_a_default_one_away()
    {
        var router = Router(
            o => o.ByName["azure"] = new() { Kind = ProviderKind.OpenAI, BaseUrl = "https://azure/v1", ApiKey = "k", Models = { "gpt-*" } },
            false,
            ("OPENAI_API_KEY", "a"));

        Assert.Equal("azure", Found(router.Resolve("gpt-4o", WireFormat.OpenAIChat)).Provider);
        Assert.Equal("openai", Found(router.Resolve("o3-mini", WireFormat.OpenAIChat)).Provider);
    }

    [Theory]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("a?c", "abc", false)]
    [InlineData("a?*", "a?b", true)]
    [InlineData("a\\*", "a\\b", true)]
    [InlineData("GPT-*", "gpt-4", false)]
    [InlineData("*", "", false)]
    public void Only_the_star_is_special(string pattern, string model, bool matches)
        => Assert.Equal(matches, new ModelPattern(pattern).Matches(model));

    [Fact]
    public void The_catalogue_names_exact_models_and_finds_those_of_patterns()
    {
        var router = Router(null, true, ("OPENAI_API_KEY", "a"));

        Assert.Equal(["demo-echo", "demo-embed"], router.Models.Select(m => m.Id));
        Assert.Equal("openai", router.Find("gpt-4o")!.Provider);
        Assert.Null(router.Find("nothing"));
    }
}
