namespace AgentGate.Keys;

/// <summary>The principal of a new key is somebody else's.</summary>
internal sealed class PrincipalTakenException() : Exception("Keys of another owner authenticate this principal.");
