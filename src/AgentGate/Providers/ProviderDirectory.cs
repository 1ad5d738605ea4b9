using System.Collections.Immutable;
using AgentGate.Diagnostics;

namespace AgentGate.Providers;

/// <summary>The providers that run: those configured, and those that need no configuration.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class ProviderDirectory
{
    private const string DemoUrl = "http://demo.invalid";

    private static readonly string[] s_openAIModels = ["gpt-*", "o1*", "o3*", "o4*", "chatgpt-*", "text-embedding-*"];
    private static readonly string[] s_anthropicModels = ["claude-*"];
    private static readonly string[] s_demoModels = ["demo-echo", "demo-embed"];

    private ProviderDirectory(ImmutableArray<Provider> providers) => Providers = providers;

    /// <summary>The providers, ordered by name.</summary>
    public ImmutableArray<Provider> Providers { get; }

    public Provider? Find(string name)
        => Providers.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Builds the directory.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="development">Whether this is the development environment.</param>
    /// <exception cref="InvalidOperationException">The configuration is not usable.</exception>
    public static ProviderDirectory Build(ProvidersOptions options, Func<string, string?> environment, bool development)
    {
        var errors = ProvidersCheck.Errors(options, environment);
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(Codes.ProviderConfiguration + ": " + string.Join(" ", errors));
        }

        var providers = options.ByName.Select(p => Create(p.Key, p.Value, environment)).ToList();
        if (development)
        {
            AddDefault("demo", ProviderKind.Demo);
        }

        // Without configuration a key in the environment is the whole wish to use the provider.
        if (environment(DefaultKeyEnv(ProviderKind.OpenAI)!) is { Length: > 0 })
        {
            AddDefault("openai", ProviderKind.OpenAI);
        }

        if (environment(DefaultKeyEnv(ProviderKind.Anthropic)!) is { Length: > 0 })
        {
            AddDefault("anthropic", ProviderKind.Anthropic);
        }

        return new ProviderDirectory([.. providers.OrderBy(p => p.Name, StringComparer.Ordinal)]);

        void AddDefault(string name, ProviderKind kind)
        {
            if (!options.ByName.ContainsKey(name))
            {
                var provider = Create(name, new ProviderOptions { Kind = kind }, environment);
                providers.Add(WithoutClaimed(provider, providers));
            }
        }
    }

    internal static string? DefaultKeyEnv(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAI => "OPENAI_API_KEY",
        ProviderKind.Anthropic => "ANTHROPIC_API_KEY",
        _ => null,
    };

    internal static string? KeyEnv(ProviderOptions options)
        => options.ApiKeyEnv ?? (options.BaseUrl is null ? DefaultKeyEnv(options.Kind!.Value) : null);

    internal static ImmutableArray<ModelPattern> PatternsOf(ProviderOptions options)
    {
        IEnumerable<string> names = options.Models;
        if (options.Models.Count == 0 && options.ModelMap.Count == 0 && (options.BaseUrl is null || options.Kind == ProviderKind.Demo))
        {
            names = options.Kind switch
            {
                ProviderKind.OpenAI => s_openAIModels,
                ProviderKind.Anthropic => s_anthropicModels,
                _ => s_demoModels,
            };
        }

        return [.. options.ModelMap.Select(m => new ModelPattern(m.Key, m.Value)), .. names.Select(n => new ModelPattern(n))];
    }

    private static Provider Create(string name, ProviderOptions options, Func<string, string?> environment) => new()
    {
        Name = name,
        Kind = options.Kind!.Value,
        BaseUrl = new Uri(options.Kind switch
        {
            ProviderKind.Demo => DemoUrl,
            ProviderKind.OpenAI => options.BaseUrl ?? "https://api.openai.com/v1",
            _ => options.BaseUrl ?? "https://api.anthropic.com",
        }),
        ApiKey = options.Kind == ProviderKind.Demo ? null : options.ApiKey ?? (KeyEnv(options) is { } env ? environment(env) : null),
        Models = PatternsOf(options),
        Options = options,
    };

    // What an operator configured explicitly is never contested by a default.
    private static Provider WithoutClaimed(Provider provider, List<Provider> others)
    {
        var claimed = others.Where(o => WireFormats.All.Any(f => o.Kind.Speaks(f) && provider.Kind.Speaks(f)))
            .SelectMany(o => o.Models).Select(m => m.Text).ToHashSet(StringComparer.Ordinal);
        return new Provider
        {
            Name = provider.Name,
            Kind = provider.Kind,
            BaseUrl = provider.BaseUrl,
            ApiKey = provider.ApiKey,
            Models = provider.Models.RemoveAll(m => claimed.Contains(m.Text)),
            Options = provider.Options,
        };
    }
}
