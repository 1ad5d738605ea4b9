using AgentGate.Kernel.Decisions;

namespace AgentGate.Budgets;

/// <summary>The price of one model, in billionths of a US dollar per token. Immutable.</summary>
internal sealed record ModelPrice
{
    /// <summary>More tokens than any provider counts; what a provider reports beyond it is nonsense.</summary>
    private const long TokensMax = 1_000_000_000;

    public required PriceRates Rates { get; init; }

    /// <summary>The prompt length above which <see cref="LongRates"/> hold for the whole call.</summary>
    public long? LongAbove { get; init; }

    public PriceRates? LongRates { get; init; }

    public long? InputTokensMax { get; init; }

    public long? OutputTokensMax { get; init; }

    /// <summary>The request's member that bounds the answer, where configuration names one.</summary>
    public string? OutputMember { get; init; }

    /// <summary>Whether this is a model of OpenAI's own, whose newest member name the provider understands.</summary>
    public bool IsOpenAI { get; init; }

    /// <summary>Whether nothing it does costs anything.</summary>
    public bool IsFree => Rates.IsFree && LongRates is null or { IsFree: true };

    /// <summary>The most a token of a prompt of this length can cost, however it is cached.</summary>
    public decimal InputBound(long tokens) => Math.Max(Rates.InputBound, IsLong(tokens) ? LongRates!.InputBound : 0);

    /// <summary>The most a token of the answer to a prompt of this length can cost.</summary>
    public decimal OutputBound(long tokens) => Math.Max(Rates.OutputBound, IsLong(tokens) ? LongRates!.OutputBound : 0);

    /// <summary>What a usage costs.</summary>
    public long Cost(Usage usage)
    {
        var input = Math.Clamp(usage.InputTokens, 0, TokensMax);
        var output = Math.Clamp(usage.OutputTokens, 0, TokensMax);
        var written = Math.Clamp(usage.CacheWriteTokens, 0, input);
        var writtenLong = Math.Clamp(usage.LongCacheWriteTokens, 0, written);
        var cached = Math.Clamp(usage.CachedInputTokens, 0, input - written);
        var reasoning = Math.Clamp(usage.ReasoningTokens, 0, output);
        var rates = IsLong(input) ? LongRates! : Rates;
        return NanoUsd.Ceiling(
            ((input - cached - written) * rates.Input) + (cached * rates.CachedInput)
            + ((written - writtenLong) * rates.CacheWrite) + (writtenLong * rates.CacheWriteLong)
            + ((output - reasoning) * rates.Output) + (reasoning * rates.Reasoning));
    }

    private bool IsLong(long tokens) => LongRates is not null && tokens > LongAbove;
}

/// <summary>Billionths of a US dollar per token, by sort of token.</summary>
internal sealed record PriceRates(decimal Input, decimal Output, decimal CachedInput, decimal CacheWrite, decimal CacheWriteLong, decimal Reasoning)
{
    public bool IsFree => InputBound == 0 && OutputBound == 0;

    public decimal InputBound => Math.Max(Math.Max(Input, CachedInput), Math.Max(CacheWrite, CacheWriteLong));

    public decimal OutputBound => Math.Max(Output, Reasoning);

    /// <summary>From US dollars per million tokens; a sort without a price of its own costs what the one it is part of does.</summary>
    public static PriceRates Of(decimal input, decimal output, decimal? cached, decimal? write, decimal? writeLong, decimal? reasoning) => new(
        NanoUsd.PerToken(input),
        NanoUsd.PerToken(output),
        NanoUsd.PerToken(cached ?? input),
        NanoUsd.PerToken(write ?? input),
        NanoUsd.PerToken(writeLong ?? write ?? input),
        NanoUsd.PerToken(reasoning ?? output));
}
