using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What became of a call. A closed set: denied (or held), completed, streaming, failed.</summary>
public abstract record GateResult
{
    private GateResult(GateRun run, Decision decision)
    {
        CallId = run.Call.Id;
        Decision = decision;
        Scope = run.Scope;
        Certificate = run.Issued;
    }

    /// <summary>The call's id.</summary>
    public string CallId { get; }

    /// <summary>The decision on the request.</summary>
    public Decision Decision { get; }

    /// <summary>The certificate of the decision that led here; of a stream, of the decision on the request. <see langword="null"/> where none is on record.</summary>
    public IssuedCertificate? Certificate { get; }

    /// <summary>The call's facts, for calls that follow from it.</summary>
    public CallScope Scope { get; }

    /// <summary>The effect did not run, or its answer was withheld.</summary>
    public sealed record Denied : GateResult
    {
        internal Denied(GateRun run, Decision decision, Denial denial)
            : base(run, decision) => Denial = denial with { DecisionId = run.Issued?.DecisionId };

        /// <summary>Why, in the words the caller gets.</summary>
        public Denial Denial { get; private init; }

        /// <summary>The same call, ended by what a person decided since.</summary>
        internal Denied Because(Denial denial) => this with { Denial = denial with { DecisionId = denial.DecisionId ?? Denial.DecisionId } };
    }

    /// <summary>The effect ran; the answer passed the response guards.</summary>
    public sealed record Completed : GateResult
    {
        internal Completed(GateRun run, Decision decision, CallContent content)
            : base(run, decision) => Content = content;

        /// <summary>The answer as the caller may have it.</summary>
        public CallContent Content { get; }
    }

    /// <summary>The effect runs; the answer comes piece by piece through the response guards.</summary>
    public sealed record Streaming : GateResult
    {
        internal Streaming(GateRun run, Decision decision, GateStream stream)
            : base(run, decision) => Stream = stream;

        /// <summary>The answer. The caller disposes it.</summary>
        public GateStream Stream { get; }
    }

    /// <summary>The effect was permitted and failed.</summary>
    public sealed record Failed : GateResult
    {
        internal Failed(GateRun run, Decision decision, Denial denial, CallContent? content)
            : base(run, decision)
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
