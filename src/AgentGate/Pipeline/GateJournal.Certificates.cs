using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <content>Every decision carries a certificate; what cannot be certified does not happen.</content>
internal sealed partial class GateJournal
{
    /// <summary>The reason of a call that ended because its certificate could not be made.</summary>
    private static Denial NotCertified { get; } = new(
        Codes.CertificateNotMade, "The decision could not be certified, so nothing was done. The server's log says why.", DenialKind.Unavailable);

    /// <summary>Makes the certificate of a decision.</summary>
    /// <param name="run">The call.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="code">The code of a denial or hold.</param>
    /// <param name="contentDigest">The digest of the content, where it is final.</param>
    /// <param name="isResponse">Whether the answer is decided on.</param>
    /// <returns>Whether it was made, and what was made: nothing where nobody makes certificates.</returns>
    private (bool IsMade, CertifiedDecision? Certified) Certify(
        GateRun run, Decision decision, string? code, string? contentDigest, bool isResponse = false)
    {
        if (certifier is null)
        {
            return (true, null);
        }

        var honey = HoneyTouch.Of(run.Call, run.Scope)?.TokenId;
        try
        {
            return (true, certifier.Certify(new DecisionFacts
            {
                Call = run.Call,
                Decision = decision.Kind,
                Code = code,
                Verdicts = decision.Verdicts,
                At = time.GetUtcNow(),
                ContentDigest = isResponse ? contentDigest : run.Voted?.Bound.ContentDigest ?? contentDigest,
                Voted = isResponse ? null : run.Voted,
                HoneyToken = honey,

                // Such a call ends before the theorem is asked.
                Evidence = honey is null ? AdmissibilityEvidence.Of(run.Call, run.Scope) : null,
                Request = isResponse ? run.Certified : null,
                ResumedDecisionId = Resumption.Of(run.Call, run.Scope)?.DecisionId,
            }));
        }
        catch (Exception failure)
        {
            // The message may quote what was asked, so its type and stack are logged and its message is not.
            metrics.RecordFailure("certificate");
            Log.NotCertified(logger, Codes.CertificateNotMade, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
            return (false, null);
        }
    }

    /// <summary>The entry with its decision and the hash of its certificate.</summary>
    private static LogEntryBody Naming(LogEntryBody entry, CertifiedDecision? certified)
        => certified is null ? entry : entry with { DecisionId = certified.Certificate.DecisionId, CertificateHash = certified.Certificate.Hash };

    /// <summary>Tells whoever listens that a certificate is on record. What they do with it changes nothing.</summary>
    private void Issue(GateRun run, CertifiedDecision? certified, CertificateSeal? seal)
    {
        if (certified is null || seal is null)
        {
            return;
        }

        run.Certified = certified;
        run.Issued = new IssuedCertificate(certified.Certificate, seal);
        if (options.CertificateIssued is not { } issued)
        {
            return;
        }

        try
        {
            issued(run.Issued);
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(logger, certified.Certificate.DecisionId, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4040, Level = LogLevel.Critical, Message = "{Code}: the decision on call {CallId} could not be certified ({Failure}); the gate is closed for it. {Stack}")]
        public static partial void NotCertified(ILogger logger, string code, string callId, string? failure, string? stack);

        [LoggerMessage(EventId = 4049, Level = LogLevel.Warning, Message = Codes.CertificateHandlerFailed + ": the application's handler of certificates failed for decision {DecisionId}; the decision stands.")]
        public static partial void CallbackFailed(ILogger logger, string decisionId, Exception failure);
    }
}
