using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Providers;

/// <summary>Finds the provider of a model. Pure; the same configuration always gives the same route.</summary>
/// <remarks>Thread-safe. The most specific pattern wins; configuration in which two providers tie is refused at start-up.</remarks>
internal sealed class ModelRouter(ProviderDirectory directory)
{
    /// <summary>The models that configuration names, without patterns, sorted by id.</summary>
    public ImmutableArray<CatalogueModel> Models { get; } =
    [
        .. directory.Providers
            .SelectMany(p => p.Models.Where(m => m.IsExact).Select(m => new CatalogueModel(m.Text, p.Name, p.Kind)))
            .DistinctBy(m => m.Id)
            .OrderBy(m => m.Id, StringComparer.Ordinal),
    ];

    /// <summary>The model of an id, also when only a pattern covers it, or <see langword="null"/>.</summary>
    public CatalogueModel? Find(string model)
        => Best(model, _ => true) is { } match ? new CatalogueModel(model, match.Provider.Name, match.Provider.Kind) : null;

    public RouteResult Resolve(string model, WireFormat format)
    {
        if (Best(model, p => p.Kind.Speaks(format)) is { } match)
        {
            var upstream = match.Pattern.Upstream ?? model;
            return new RouteResult.Found(
                new ModelRoute(match.Provider.Name, match.Provider.Kind, format, model, upstream, match.Provider.Options.Region));
        }

        return new RouteResult.Denied(Best(model, _ => true) is { } other ? WrongDoor(other.Provider, format) : Unknown());
    }

    private (Provider Provider, ModelPattern Pattern)? Best(string model, Func<Provider, bool> accept)
    {
        (Provider Provider, ModelPattern Pattern)? best = null;
        foreach (var provider in directory.Providers)
        {
            if (!accept(provider))
            {
                continue;
            }

            foreach (var pattern in provider.Models)
            {
                if (pattern.Matches(model) && (best is null || pattern.Weight > best.Value.Pattern.Weight))
                {
                    best = (provider, pattern);
                }
            }
        }

        return best;
    }

    private static Denial WrongDoor(Provider provider, WireFormat format)
    {
        var doors = string.Join(", ", WireFormats.All.Where(f => provider.Kind.Speaks(f)).Select(f => "POST " + f.Route()));
        return new Denial(
            Codes.FormatUnsupported,
            $"The provider '{provider.Name}' serves this model and does not speak {format.Name()} ({format.Route()}). Use {doors}.",
            DenialKind.Invalid);
    }

    // The reason does not repeat the model: a caller's text never enters a record unmasked.
    private Denial Unknown()
    {
        var known = directory.Providers.Length == 0
            ? "No provider is configured: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or add one under AgentGate:Providers."
            : "Configured: "
                + string.Join("; ", directory.Providers.Select(p => $"{p.Name} ({string.Join(", ", p.Models.Select(m => m.Text))})"))
                + ". Add the model to AgentGate:Providers:<name>:Models, or set OPENAI_API_KEY or ANTHROPIC_API_KEY.";
        return new Denial(Codes.ModelUnknown, "No configured provider serves the model that was asked for. " + known, DenialKind.NotFound);
    }
}
