namespace AgentGate.Limits;

/// <summary>The store of the counts cannot be reached or cannot answer: each rule's declared behaviour takes over.</summary>
internal sealed class LimitStoreLostException(string message, Exception? cause = null) : Exception(message, cause);
