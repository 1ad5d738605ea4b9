namespace AgentGate.Budgets;

/// <summary>Money as whole billionths of a US dollar: sums are exact, and no value a budget holds is ever rounded twice.</summary>
internal static class NanoUsd
{
    /// <summary>Billionths in a dollar.</summary>
    public const decimal PerUsd = 1_000_000_000m;

    /// <summary>A price per million tokens as billionths per token.</summary>
    public static decimal PerToken(decimal usdPerMillion) => usdPerMillion * 1_000m;

    /// <summary>The one rounding there is: a call's cost, up to the next whole billionth.</summary>
    public static long Ceiling(decimal nano) => nano >= long.MaxValue ? long.MaxValue : (long)Math.Ceiling(nano);

    /// <summary>As dollars.</summary>
    public static decimal ToUsd(long nano) => nano / PerUsd;
}
