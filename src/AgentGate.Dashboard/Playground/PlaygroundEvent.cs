using AgentGate.Pipeline;

namespace AgentGate.Dashboard.Playground;

/// <summary>Something a visitor's call shows. A closed set.</summary>
public abstract record PlaygroundEvent
{
    private PlaygroundEvent()
    {
    }

    /// <summary>The gate tells.</summary>
    /// <param name="Event">What.</param>
    internal sealed record Gate(GateEvent Event) : PlaygroundEvent;

    /// <summary>The head of the answer.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="CallId">The call, where there was one.</param>
    /// <param name="RateLimit">The <c>RateLimit</c> header.</param>
    /// <param name="RateLimitPolicy">The <c>RateLimit-Policy</c> header.</param>
    public sealed record Answered(int Status, string? CallId, string? RateLimit, string? RateLimitPolicy) : PlaygroundEvent;

    /// <summary>Where the visitor's own budget stands after the call was settled.</summary>
    /// <param name="RemainingUsd">What is left, in US dollars.</param>
    /// <param name="LimitUsd">What there is in all.</param>
    public sealed record Budget(decimal RemainingUsd, decimal LimitUsd) : PlaygroundEvent;

    /// <summary>What the provider received, byte for byte.</summary>
    /// <param name="Body">The body.</param>
    public sealed record Received(string Body) : PlaygroundEvent;

    /// <summary>A piece of the answer.</summary>
    /// <param name="Delta">The text.</param>
    public sealed record Text(string Delta) : PlaygroundEvent;

    /// <summary>The call was refused or its answer broken off.</summary>
    /// <param name="Code">The code.</param>
    /// <param name="Message">The words.</param>
    /// <param name="RetryAfterSeconds">When to try again.</param>
    public sealed record Refused(string? Code, string Message, int? RetryAfterSeconds) : PlaygroundEvent;

    /// <summary>Events that came faster than they were taken.</summary>
    /// <param name="Count">How many.</param>
    public sealed record Lost(long Count) : PlaygroundEvent;
}
