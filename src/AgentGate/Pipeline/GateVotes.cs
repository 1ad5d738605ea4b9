using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>Break-glass: a call that lacks nothing but votes is put to the safety nodes, once its content is final and before anything is done.</summary>
internal sealed partial class GateVotes(ISafetyQuorum? quorum, GateMetrics metrics, ILogger logger)
{
    private static Denial TooFew { get; } = new(
        Codes.QuorumRequired, "The call needs the votes of safety nodes, and there are not enough.", DenialKind.Forbidden);

    /// <summary>Asks, where votes are awaited.</summary>
    /// <param name="run">The call. Gets the votes, and the theorem as it was evaluated with them.</param>
    /// <param name="decision">What the guards decided.</param>
    /// <param name="contentDigest">The digest of the content as judged, if it has one.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>Why the call does not go on, or <see langword="null"/>.</returns>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<Denial?> AskAsync(GateRun run, Decision decision, string? contentDigest, CancellationToken cancellationToken)
    {
        if (AdmissibilityEvidence.Of(run.Call, run.Scope) is not { Proof.Holds: false } evidence || IsShadow(decision))
        {
            return null;
        }

        // INVARIANT: the guards let a call through whose proof does not hold only where nothing but votes is missing.
        if (quorum is null || contentDigest is null || VoteQuestion.FailureBesideVotes(evidence.Proof) is not null)
        {
            return TooFew;
        }

        try
        {
            run.Voted = await quorum.VoteAsync(evidence, contentDigest, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            metrics.RecordFailure("vote");
            Log.NotVoted(logger, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
            return TooFew;
        }

        run.Scope.Set(evidence with { Proof = run.Voted.Proof });
        return run.Voted.Proof.Holds ? null : TooFew;
    }

    /// <summary>Whether the theorem's verdict is recorded and not enforced.</summary>
    internal static bool IsShadow(Decision decision)
    {
        foreach (var verdict in decision.Verdicts)
        {
            if (verdict is { Guard: GuardNames.Admissibility, Shadow: true })
            {
                return true;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1336, Level = LogLevel.Error, Message = "AG1336: the votes on call {CallId} could not be asked for or put on record ({Failure}); the call is denied. {Stack}")]
        public static partial void NotVoted(ILogger logger, string callId, string? failure, string? stack);
    }
}
