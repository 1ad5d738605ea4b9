namespace AgentGate.Kernel.Transparency;

/// <summary>How a witness answers a checkpoint (C2SP <c>tlog-witness</c>). A closed set.</summary>
public abstract record WitnessOutcome
{
    private WitnessOutcome()
    {
    }

    /// <summary>The HTTP status of the answer.</summary>
    public abstract int Status { get; }

    /// <summary>Remember this state, durably, and cosign then.</summary>
    /// <param name="State">What to remember.</param>
    public sealed record Accepted(WitnessedLog State) : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 200;
    }

    /// <summary>The old size is not the one the witness cosigned last.</summary>
    /// <param name="Size">The size it cosigned last.</param>
    public sealed record Conflict(long Size) : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 409;
    }

    /// <summary>The witness does not know the origin.</summary>
    public sealed record UnknownLog : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 404;
    }

    /// <summary>No trusted key signed, or a signature in its name is wrong.</summary>
    public sealed record NotSigned : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 403;
    }

    /// <summary>The request contradicts itself.</summary>
    /// <param name="Reason">What is wrong.</param>
    public sealed record Malformed(string Reason) : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 400;
    }

    /// <summary>The checkpoint does not continue the one cosigned last. Where it is signed by the log, that is evidence of a fork.</summary>
    /// <param name="Reason">What is wrong.</param>
    public sealed record Inconsistent(string Reason) : WitnessOutcome
    {
        /// <inheritdoc/>
        public override int Status => 422;
    }
}
