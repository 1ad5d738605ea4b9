namespace AgentGate.Pipeline;

/// <summary>What became of a request for cosignatures. A closed set.</summary>
internal abstract record CosignResult
{
    private CosignResult()
    {
    }

    /// <summary>Enough witnesses cosigned.</summary>
    /// <param name="Note">The signed checkpoint with the cosignatures under it: what may be published.</param>
    /// <param name="Witnesses">The names of the witnesses that cosigned.</param>
    public sealed record Cosigned(ReadOnlyMemory<byte> Note, IReadOnlyList<string> Witnesses) : CosignResult;

    /// <summary>Too few witnesses cosigned: the checkpoint must not be published.</summary>
    /// <param name="Reason">What each witness that did not cosign answered; without content or secrets.</param>
    public sealed record NoQuorum(string Reason) : CosignResult;
}
