namespace AgentGate.Client;

internal static class AssemblyMarker;
