using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Budgets;

/// <summary>Every price there is: those of the operator, then the shipped table. Immutable and thread-safe.</summary>
internal sealed class PriceBook
{
    private readonly Dictionary<string, ModelPrice> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Pattern, ModelPrice Price)> _patterns = [];
    private readonly PriceFile _shipped = PriceFile.Shipped;

    public PriceBook(BudgetOptions options)
    {
        foreach (var (name, set) in options.Prices)
        {
            var price = new ModelPrice
            {
                Rates = PriceRates.Of(set.Input ?? 0, set.Output ?? 0, set.CachedInput, set.CacheWrite, set.CacheWriteLong, set.Reasoning),
                InputTokensMax = set.InputTokensMax,
                OutputTokensMax = set.OutputTokensMax,
                OutputMember = set.OutputMember,
            };
            if (name.Contains('*', StringComparison.Ordinal))
            {
                _patterns.Add((name, price));
            }
            else
            {
                _exact[name] = price;
            }
        }

        _patterns.Sort((a, b) => b.Pattern.Length.CompareTo(a.Pattern.Length));
    }

    /// <summary>The price of a call: the dearest of the targets it may go to; <see langword="null"/> when one of them has none.</summary>
    public ModelPrice? Find(ImmutableArray<EffectTarget> targets, string callerModel)
    {
        ModelPrice? dearest = null;
        foreach (var target in targets)
        {
            if (Find(target.Provider, target.Name, callerModel) is not { } price)
            {
                return null;
            }

            dearest = dearest is null || price.InputBound(1) + price.OutputBound(1) > dearest.InputBound(1) + dearest.OutputBound(1) ? price : dearest;
        }

        return dearest;
    }

    /// <summary>The price of one model.</summary>
    /// <param name="provider">The provider's configured name.</param>
    /// <param name="model">The model as the provider names it.</param>
    /// <param name="callerModel">The model as the caller names it.</param>
    public ModelPrice? Find(string provider, string model, string callerModel)
    {
        var shipped = Shipped(model);
        var price = Exact(provider, model) ?? Exact(provider, callerModel) ?? Pattern(provider, model) ?? Pattern(provider, callerModel);
        return price is null ? shipped : shipped is { IsOpenAI: true } ? price with { IsOpenAI = true } : price;
    }

    private ModelPrice? Exact(string provider, string model)
        => _exact.Count == 0 ? null : _exact.GetValueOrDefault($"{provider}/{model}") ?? _exact.GetValueOrDefault(model);

    private ModelPrice? Pattern(string provider, string model)
    {
        foreach (var (pattern, price) in _patterns)
        {
            if (Wildcard.IsMatch(pattern, model, ignoreCase: false) || Wildcard.IsMatch(pattern, $"{provider}/{model}", ignoreCase: false))
            {
                return price;
            }
        }

        return null;
    }

    /// <summary>The shipped price of a name, or of the name a dated snapshot belongs to. Nothing else is guessed.</summary>
    private ModelPrice? Shipped(string model)
    {
        var byName = _shipped.ByName.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = model.StartsWith("models/", StringComparison.Ordinal) ? model.AsSpan(7) : model;
        return byName.TryGetValue(name, out var price)
            || (DateSuffix(name) is > 0 and var length && byName.TryGetValue(name[..^length], out price)) ? price : null;
    }

    /// <summary>The length of <c>-2024-08-06</c>, <c>-20240806</c> or <c>@20240806</c> at the end of a name, or 0.</summary>
    internal static int DateSuffix(ReadOnlySpan<char> name)
    {
        if (name.Length > 11 && name[^11] == '-' && name[^6] == '-' && name[^3] == '-'
            && IsDate(name[^10..^6], name[^5..^3], name[^2..]))
        {
            return 11;
        }

        return name.Length > 9 && name[^9] is '-' or '@' && IsDate(name[^8..^4], name[^4..^2], name[^2..]) ? 9 : 0;
    }

    private static bool IsDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day)
        => Number(year) is >= 2020 and < 2100 && Number(month) is >= 1 and <= 12 && Number(day) is >= 1 and <= 31;

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return -1;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
