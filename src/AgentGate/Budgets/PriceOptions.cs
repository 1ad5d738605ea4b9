namespace AgentGate.Budgets;

/// <summary>The price of one model as an operator sets it, in US dollars per million tokens. It replaces the shipped price as a whole.</summary>
public sealed class PriceOptions
{
    /// <summary>A token of the prompt. Required; 0 is a price.</summary>
    public decimal? Input { get; set; }

    /// <summary>A token of the answer. Required; 0 is a price.</summary>
    public decimal? Output { get; set; }

    /// <summary>A token of the prompt read from the provider's cache.</summary>
    /// <value>The default is <see cref="Input"/>.</value>
    public decimal? CachedInput { get; set; }

    /// <summary>A token of the prompt written to the provider's cache.</summary>
    /// <value>The default is <see cref="Input"/>.</value>
    public decimal? CacheWrite { get; set; }

    /// <summary>A token written to the cache for an hour.</summary>
    /// <value>The default is <see cref="CacheWrite"/>.</value>
    public decimal? CacheWriteLong { get; set; }

    /// <summary>A token of hidden reasoning.</summary>
    /// <value>The default is <see cref="Output"/>.</value>
    public decimal? Reasoning { get; set; }

    /// <summary>The most tokens a prompt can have.</summary>
    /// <value>The default is unknown: calls whose prompt the provider partly holds then have no bound.</value>
    public long? InputTokensMax { get; set; }

    /// <summary>The most tokens an answer can have.</summary>
    /// <value>The default is unknown.</value>
    public long? OutputTokensMax { get; set; }

    /// <summary>The member of the request that bounds the answer, where the provider knows only this one.</summary>
    /// <value>The default is <c>max_completion_tokens</c> for OpenAI's own models and <c>max_tokens</c> for others at an OpenAI door.</value>
    public string? OutputMember { get; set; }
}
