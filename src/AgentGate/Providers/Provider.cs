using System.Collections.Immutable;

namespace AgentGate.Providers;

/// <summary>One provider as it runs: what its options and the defaults come to.</summary>
internal sealed class Provider
{
    public required string Name { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>Without a trailing slash; the path of the operation is added to its text.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The key, or <see langword="null"/> for a provider without one. This is a class, so that no ToString prints it.</summary>
    public string? ApiKey { get; init; }

    public required ImmutableArray<ModelPattern> Models { get; init; }

    /// <summary>The settings that need no defaulting.</summary>
    public required ProviderOptions Options { get; init; }
}
