namespace AgentGate.Pipeline;

/// <summary>One principal has so many calls waiting for people that no further one is put before them.</summary>
internal sealed class TooManyHeldCallsException : Exception;
