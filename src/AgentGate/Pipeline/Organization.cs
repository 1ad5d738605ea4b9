namespace AgentGate.Pipeline;

/// <summary>What a tenant says of itself to people. Immutable.</summary>
/// <param name="Name">What it is called; <see langword="null"/> where nobody said.</param>
/// <param name="SupportEmail">Whom to ask for help; <see langword="null"/> where nobody said.</param>
internal sealed record Organization(string? Name, string? SupportEmail);
