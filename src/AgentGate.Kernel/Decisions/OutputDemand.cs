using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>What a model call may produce, as its door reads it from the request, and where the door's protocol bounds it.</summary>
/// <remarks>Immutable. Guards are door-agnostic: they bound an answer through these names and nothing else.</remarks>
public sealed record OutputDemand
{
    /// <summary>The most tokens per answer the caller asked for, or <see langword="null"/> where the request does not say.</summary>
    public long? TokensMax { get; init; }

    /// <summary>How many answers the call asks for (<c>n</c>).</summary>
    /// <value>The default is 1.</value>
    public int Choices { get; init; } = 1;

    /// <summary>The fewest tokens with which the request makes sense to the provider, for example above a thinking budget.</summary>
    public long TokensMin { get; init; }

    /// <summary>The members of the request's root object that bound the answer and are there already.</summary>
    public ImmutableArray<string> Members { get; init; } = [];

    /// <summary>The member that bounds the answer where none is there; <see langword="null"/> where the protocol has none.</summary>
    public string? Member { get; init; }

    /// <summary>The older name of <see cref="Member"/>, which servers that only speak like the provider understand; <see langword="null"/> when there is one name.</summary>
    public string? LegacyMember { get; init; }

    /// <summary>The object and its flag that make a stream report its usage, where the request does not ask for that itself.</summary>
    public (string Holder, string Flag)? UsageFlag { get; init; }

    /// <summary>
    /// Why the request's own length does not bound what it costs, in words of the door (<c>context</c>: the provider holds
    /// part of the prompt; anything else: a surcharge no price table has). Distinct and sorted.
    /// </summary>
    public ImmutableArray<string> Unbounded { get; init; } = [];
}
