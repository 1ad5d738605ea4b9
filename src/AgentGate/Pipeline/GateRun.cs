using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>One call on its way through the gate.</summary>
internal sealed class GateRun(GateCall call, byte[] salt, long startedAt, Activity? activity)
{
    private IncrementalHash? _response;
    private string? _responseDigest;

    /// <summary>The call as the last guard left it.</summary>
    public GateCall Call { get; set; } = call;

    /// <summary>The content before any guard.</summary>
    public CallContent Raw { get; } = call.Content;

    public CallScope Scope { get; } = new(call.ParentScope);

    public byte[] Salt { get; } = salt;

    public long StartedAt { get; } = startedAt;

    public Activity? Activity { get; } = activity;

    public List<VerdictRecord> Verdicts { get; } = [];

    public Permit? Permit { get; set; }

    public Usage? Usage { get; set; }

    /// <summary>Whether the call's charge was settled; that happens once.</summary>
    public bool IsSettled { get; set; }

    /// <summary>What each budget was charged.</summary>
    public ImmutableArray<BudgetPosting> Charged { get; set; } = [];

    /// <summary>The verdicts of the request side, for entries written before the effect.</summary>
    public Decision Decide(DecisionKind kind, Denial? denial) => new(kind, [.. Verdicts], denial);

    /// <summary>Hashes what came back, before any response guard.</summary>
    public void ObserveResponse(ReadOnlyMemory<byte> block)
    {
        if (_response is null)
        {
            _response = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _response.AppendData(Salt);
        }

        _response.AppendData(block.Span);
    }

    /// <summary>Lower-case hex SHA-256 over the salt and everything that came back, or <see langword="null"/> when nothing did.</summary>
    public string? ResponseDigest()
    {
        if (_response is not null)
        {
            _responseDigest = Convert.ToHexStringLower(_response.GetHashAndReset());
            _response.Dispose();
            _response = null;
        }

        return _responseDigest;
    }
}
