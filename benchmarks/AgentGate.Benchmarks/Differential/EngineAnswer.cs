using System.Collections.Immutable;

namespace AgentGate.Benchmarks.Differential;

/// <summary>What an engine says to a case.</summary>
internal sealed record EngineAnswer
{
    /// <summary>Why it refuses the schema, or <see langword="null"/>.</summary>
    public string? Schema { get; init; }

    /// <summary>Why it refuses the policies, or <see langword="null"/>.</summary>
    public string? Parse { get; init; }

    /// <summary>What went wrong that is no answer, or <see langword="null"/>.</summary>
    public string? Crash { get; init; }

    /// <summary>The ids of the policies that are not valid under the schema; <see langword="null"/> without a schema.</summary>
    public ImmutableSortedSet<string>? Invalid { get; init; }

    /// <summary>The ids of the policies whose scope no action applies to, which is a warning.</summary>
    public ImmutableSortedSet<string>? Inapplicable { get; init; }

    /// <summary>What the validator says, for a person.</summary>
    public string Validation { get; init; } = "";

    /// <summary>Each policy in our JSON; <see langword="null"/> where it does not parse.</summary>
    public ImmutableArray<string?> Json { get; init; } = [];

    public ImmutableArray<RequestAnswer> Requests { get; init; } = [];

    /// <summary>The answer to one request.</summary>
    /// <param name="Failure">Why there is none, or <see langword="null"/>.</param>
    /// <param name="Allows">The decision.</param>
    /// <param name="Reasons">The determining policies.</param>
    /// <param name="Errors">The policies that failed.</param>
    /// <param name="Detail">What they failed with, for a person.</param>
    internal sealed record RequestAnswer(string? Failure, bool Allows, ImmutableSortedSet<string> Reasons, ImmutableSortedSet<string> Errors, string Detail);
}
