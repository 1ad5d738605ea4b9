using System.Text.RegularExpressions;
using AgentGate.Pipeline;

namespace AgentGate.Budgets;

/// <summary>Prices and budgets (<c>AgentGate:Budgets</c>).</summary>
/// <remarks>Set at start-up and not changed afterwards.</remarks>
public sealed partial class BudgetOptions
{
    /// <summary>The budgets. All that cover a call must have room for it.</summary>
    public IList<BudgetRule> Rules { get; } = [];

    /// <summary>
    /// Prices beside the shipped table, by <c>provider/model</c>, model, or a pattern of either with <c>*</c>; the model as
    /// the provider names it, else as the caller does. An exact name beats a pattern, a longer pattern a shorter one, and
    /// all of them the shipped table.
    /// </summary>
    public IDictionary<string, PriceOptions> Prices { get; } = new Dictionary<string, PriceOptions>(StringComparer.Ordinal);

    /// <summary>Whether the budgets of the demo are installed: $10 a day for the demo key, $1 a day for each visitor of the playground.</summary>
    /// <value>The default is <see langword="false"/>; a server in the development environment without rules of its own sets it.</value>
    public bool UseShippedDefault { get; set; }

    /// <summary>How many tokens an answer may have when the request does not say and a budget applies.</summary>
    /// <value>The default is 8192.</value>
    public int OutputTokensWhenUnset { get; set; } = 8192;

    /// <summary>With how few tokens an answer still makes sense. When a budget has less left, the call is refused.</summary>
    /// <value>The default is 16, the least some providers accept.</value>
    public int OutputTokensMin { get; set; } = 16;

    /// <summary>What a call costs of which nobody knows what it consumed.</summary>
    /// <value>The default is <see cref="FailedCallCharge.Reservation"/>.</value>
    public FailedCallCharge FailedCallCharge { get; set; }

    /// <summary>How long a reservation waits for its settlement.</summary>
    /// <value>The default is 15 minutes.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What becomes of a reservation after <see cref="Lease"/>.</summary>
    /// <value>The default is <see cref="LostSettlement.ChargeReservation"/>.</value>
    public LostSettlement LostSettlement { get; set; }

    /// <summary>Whether calls pass whose cost has no upper bound, such as those with tools the provider runs. A budget can then be passed by them.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowUnbounded { get; set; }

    /// <summary>By what the count of our tokeniser is multiplied for a model whose own tokeniser is not public.</summary>
    /// <value>The default is 2. The count is used only where the number of bytes, which no tokeniser passes, does not fit.</value>
    public decimal TokenMargin { get; set; } = 2m;

    /// <summary>The rules that run.</summary>
    internal IEnumerable<BudgetRule> Installed => UseShippedDefault ? Rules.Concat(Shipped) : Rules;

    internal static IReadOnlyList<BudgetRule> Shipped { get; } =
    [
        new BudgetRule { Name = "demo-daily", Principal = "agent_demo", LimitUsd = 10m },
        new BudgetRule { Name = "playground-daily", Principal = "playground_*", LimitUsd = 1m },
    ];

    /// <summary>What is wrong with these options; each problem names its key.</summary>
    internal static IEnumerable<string> Validate(BudgetOptions options)
    {
        const string Section = "AgentGate:Budgets";
        foreach (var rule in options.Rules)
        {
            if (!RuleName().IsMatch(rule.Name))
            {
                yield return $"{Section}:Rules holds a rule without a usable Name: 1 to 64 letters, digits, '-', '_' or '.'.";
            }

            foreach (var pattern in (string[])[rule.Tenant, rule.Principal, rule.Key, rule.Model])
            {
                if (!Wildcard.IsValid(pattern))
                {
                    yield return $"{Section}:Rules ({rule.Name}) holds the pattern \"{pattern}\"; only * is a wildcard, and it cannot stand beside ? or a backslash.";
                }
            }

            if (rule.LimitUsd is < 0 or > 1_000_000_000m)
            {
                yield return $"{Section}:Rules ({rule.Name}): LimitUsd must be from 0 to 1,000,000,000.";
            }

            if (rule.AlertAt.Any(fraction => fraction is <= 0 or > 1))
            {
                yield return $"{Section}:Rules ({rule.Name}): AlertAt holds fractions above 0 and up to 1.";
            }

            if (!Enum.IsDefined(rule.Per) || !Enum.IsDefined(rule.Window))
            {
                yield return $"{Section}:Rules ({rule.Name}): Per or Window is no word of the configuration.";
            }
        }

        if (options.Installed.GroupBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return $"{Section}:Rules: the name \"{twice.Key}\" stands twice.";
        }

        foreach (var (name, price) in options.Prices)
        {
            if (!Wildcard.IsValid(name))
            {
                yield return $"{Section}:Prices holds the pattern \"{name}\"; only * is a wildcard, and it cannot stand beside ? or a backslash.";
            }

            if (price.Input is null || price.Output is null)
            {
                yield return $"{Section}:Prices:{name} needs Input and Output in US dollars per million tokens; 0 is a price.";
            }

            if (new[] { price.Input, price.Output, price.CachedInput, price.CacheWrite, price.CacheWriteLong, price.Reasoning }.Any(p => p is < 0 or > 1_000_000m))
            {
                yield return $"{Section}:Prices:{name} holds a price below 0 or above 1,000,000 US dollars per million tokens.";
            }

            if (price.InputTokensMax is < 1 or > 1_000_000_000 || price.OutputTokensMax is < 0 or > 1_000_000_000)
            {
                yield return $"{Section}:Prices:{name}: InputTokensMax and OutputTokensMax are at most 1,000,000,000.";
            }
        }

        if (options.OutputTokensMin is < 1 or > 1_000_000 || options.OutputTokensWhenUnset < options.OutputTokensMin || options.OutputTokensWhenUnset > 10_000_000)
        {
            yield return $"{Section}: OutputTokensMin must be at least 1, and OutputTokensWhenUnset at least OutputTokensMin.";
        }

        if (options.Lease < TimeSpan.FromSeconds(1) || options.Lease > TimeSpan.FromDays(1))
        {
            yield return $"{Section}:Lease must be from 1 second to 1 day.";
        }

        if (options.TokenMargin is < 1 or > 100)
        {
            yield return $"{Section}:TokenMargin must be from 1 to 100.";
        }

        if (!Enum.IsDefined(options.FailedCallCharge) || !Enum.IsDefined(options.LostSettlement))
        {
            yield return $"{Section}: FailedCallCharge or LostSettlement is no word of the configuration.";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    private static partial Regex RuleName();
}
