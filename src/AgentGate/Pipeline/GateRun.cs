using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>One call on its way through the gate.</summary>
internal sealed class GateRun(GateCall call, byte[] salt, long startedAt, Activity? activity, CallEvents? events = null)
{
    /// <summary>The most verdicts that are kept of one call; a certificate holds 1,024.</summary>
    private const int VerdictsMax = 1_000;

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

    /// <summary>The last decision that was certified and is on record.</summary>
    public CertifiedDecision? Certified { get; set; }

    /// <summary>What safety nodes voted on, where they were asked.</summary>
    public VotedDecision? Voted { get; set; }

    /// <summary>The certificate of it, as the record sealed it.</summary>
    public IssuedCertificate? Issued { get; set; }

    /// <summary>Whether the call's charge was settled; that happens once.</summary>
    public bool IsSettled { get; set; }

    /// <summary>What each budget was charged.</summary>
    public ImmutableArray<BudgetPosting> Charged { get; set; } = [];

    /// <summary>Who is told what happens, if anybody listens.</summary>
    public CallEvents? Events { get; } = events;

    /// <summary>Keeps what a guard answered. Beyond a thousand answers only what denies, holds or fails is kept, the last of it.</summary>
    public void Judged(VerdictRecord verdict, bool isResponse = false)
    {
        if (Verdicts.Count < VerdictsMax)
        {
            Verdicts.Add(verdict);
        }
        else if (verdict.Code is not null)
        {
            // The last place is for what ends the call.
            Verdicts[^1] = verdict;
        }

        Events?.Tell(new GateFact.Judged(verdict, isResponse));
    }

    /// <summary>Whether a guard is skipped; that it was is kept like a verdict, once for both sides.</summary>
    public bool Skips(GuardDescriptor guard)
    {
        var counted = guard.CountsOnce && Resumption.Of(Call, Scope) is not null;
        if (!counted && !Call.Skips(guard.Name))
        {
            return false;
        }

        if (!Verdicts.Exists(verdict => verdict.Guard == guard.Name))
        {
            Judged(new VerdictRecord(guard.Name, counted ? "counted" : "skipped", null, false, false, [], TimeSpan.Zero), isResponse: guard.Request is null);
        }

        return true;
    }

    /// <summary>Whether what the effect gets is raw because personal data was not guarded: then no form of it may be kept.</summary>
    public bool IsUnmasked => Call.Skips(GuardSkipping.Pii);

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
