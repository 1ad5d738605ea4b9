using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What became of a call. A closed set: denied (or held), completed, streaming, failed.</summary>
public abstract record GateResult
{
    private GateResult(string callId, Decision decision, CallScope scope)
    {
        CallId = callId;
        Decision = decision;
        Scope = scope;
    }

    /// <summary>The call's id.</summary>
    public string CallId { get; }

    /// <summary>The decision on the request.</summary>
    public Decision Decision { get; }

    /// <summary>The call's facts, for calls that follow from it.</summary>
    public CallScope Scope { get; }

    /// <summary>The effect did not run, or its answer was withheld.</summary>
    public sealed record Denied : GateResult
    {
        internal Denied(string callId, Decision decision, CallScope scope, Denial denial)
            : base(callId, decision, scope) => Denial = denial;

        /// <summary>Why, in the words the caller gets.</summary>
        public Denial Denial { get; }
    }

    /// <summary>The effect ran; the answer passed the response guards.</summary>
    public sealed record Completed : GateResult
    {
        internal Completed(string callId, Decision decision, CallScope scope, CallContent content)
            : base(callId, decision, scope) => Content = content;

        /// <summary>The answer as the caller may have it.</summary>
        public CallContent Content { get; }
    }

    /// <summary>The effect runs; the answer comes piece by piece through the response guards.</summary>
    public sealed record Streaming : GateResult
    {
        internal Streaming(string callId, Decision decision, CallScope scope, GateStream stream)
            : base(callId, decision, scope) => Stream = stream;

        /// <summary>The answer. The caller disposes it.</summary>
        public GateStream Stream { get; }
    }

    /// <summary>The effect was permitted and failed.</summary>
    public sealed record Failed : GateResult
    {
        internal Failed(string callId, Decision decision, CallScope scope, Denial denial, CallContent? content)
            : base(callId, decision, scope)
        {
            Denial = denial;
            Content = content;
        }

        /// <summary>What failed, in the words the caller gets.</summary>
        public Denial Denial { get; }

        /// <summary>The other side's error document, past the response guards, when there is one.</summary>
        public CallContent? Content { get; }
    }
}
