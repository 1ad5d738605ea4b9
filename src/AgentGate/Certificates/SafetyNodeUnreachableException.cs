namespace AgentGate.Certificates;

/// <summary>A safety node could not be reached, or answered something that is no vote.</summary>
/// <param name="message">Why, in a word or two; never content.</param>
/// <param name="cause">The cause, if any.</param>
internal sealed class SafetyNodeUnreachableException(string message, Exception? cause = null) : Exception(message, cause);
