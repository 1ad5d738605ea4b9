namespace AgentGate.Pipeline;

/// <summary>Where an act came from. Personal: stored encrypted, never in the log.</summary>
/// <param name="Address">The network address of who is at the other end, trusted proxies taken off.</param>
/// <param name="UserAgent">What its program calls itself, cut at 256 characters.</param>
internal sealed record ActOrigin(string Address, string UserAgent);
