using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies;

/// <summary>A policy set that decides calls: one version of it, compiled. Immutable, thread-safe.</summary>
/// <param name="Version">What people call this version: a version of the store, or <c>configuration</c>.</param>
/// <param name="Hash">The set's hash (<see cref="PolicyHash"/>), which names exactly what decided.</param>
/// <param name="Authorizer">The set, compiled.</param>
internal sealed record ActivePolicies(string Version, string Hash, Authorizer Authorizer)
{
    /// <summary>What the version is called that stands in configuration.</summary>
    public const string ConfigurationVersion = "configuration";

    /// <summary>A set that is asked beside this one; where it answers otherwise that is recorded, and not enforced.</summary>
    /// <value>The default is <see langword="null"/>: none. A shadow of a shadow is not asked.</value>
    public ActivePolicies? Shadow { get; init; }

    /// <summary>Compiles a set. What it shares with <paramref name="previous"/> is not compiled again.</summary>
    /// <param name="version">What people call this version.</param>
    /// <param name="policies">The policies, validated against <see cref="PublishedSchema"/>.</param>
    /// <param name="previous">The version it takes the place of, where there is one.</param>
    public static ActivePolicies Of(string version, PolicySet policies, ActivePolicies? previous = null)
        => new(version, PolicyHash.Of(policies), previous?.Authorizer.With(policies) ?? Authorizer.Create(policies));
}
