using System.Net;

namespace AgentGate.Client;

/// <summary>The server refused a request.</summary>
public sealed class AgentGateApiException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="problem">The server's explanation, if it gave one.</param>
    public AgentGateApiException(HttpStatusCode status, ProblemDocument? problem)
        : base($"{(int)status} {problem?.Code} {problem?.Detail ?? problem?.Title}")
        => (Status, Problem) = (status, problem);

    /// <summary>A refusal without an explanation.</summary>
    public AgentGateApiException()
    {
    }

    /// <summary>A refusal without an explanation.</summary>
    /// <param name="message">What happened.</param>
    public AgentGateApiException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal without an explanation.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public AgentGateApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The server's explanation, if it gave one.</summary>
    public ProblemDocument? Problem { get; }
}
