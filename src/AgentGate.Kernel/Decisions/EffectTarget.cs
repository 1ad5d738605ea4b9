namespace AgentGate.Kernel.Decisions;

/// <summary>Where an effect may go. A permit covers a list of targets and nothing else.</summary>
/// <param name="Provider">The provider's configured name, or <c>caller</c> for a tool call released to the caller.</param>
/// <param name="Name">The upstream model or the tool.</param>
/// <param name="Region">The region, when the provider has one.</param>
public readonly record struct EffectTarget(string Provider, string Name, string? Region = null);
