using System.Collections.Immutable;

namespace AgentGate.Cedar.Syntax;

/// <summary>An input that is not what the language says. Each stage throws its own kind.</summary>
public abstract class CedarException : Exception
{
    private protected CedarException(ImmutableArray<CedarDiagnostic> diagnostics)
        : base(string.Join("\n", diagnostics.Take(20)))
        => Diagnostics = diagnostics;

    /// <summary>Everything that was found wrong; at least one.</summary>
    public ImmutableArray<CedarDiagnostic> Diagnostics { get; }
}
