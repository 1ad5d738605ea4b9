namespace AgentGate.Kernel.Decisions;

/// <summary>What an effect consumed, as the provider reported it, and what that costs.</summary>
/// <param name="InputTokens">All tokens of the prompt, those read from and written to a cache among them.</param>
/// <param name="OutputTokens">All tokens of the answer, reasoning among them.</param>
public sealed record Usage(long InputTokens, long OutputTokens)
{
    /// <summary>How many of <see cref="InputTokens"/> were read from the provider's cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>How many of <see cref="InputTokens"/> were written to the provider's cache, whatever for how long.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>How many of <see cref="CacheWriteTokens"/> were written for an hour and not for minutes.</summary>
    public long LongCacheWriteTokens { get; init; }

    /// <summary>How many of <see cref="OutputTokens"/> the model spent on reasoning nobody sees.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>Whether the provider sent no usage and the tokens were counted here.</summary>
    public bool Estimated { get; init; }

    /// <summary>What the effect cost in US dollars, rounded up to a whole billionth; <see langword="null"/> when it was not priced.</summary>
    public decimal? CostUsd { get; init; }
}
