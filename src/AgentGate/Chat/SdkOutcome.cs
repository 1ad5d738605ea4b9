using System.Runtime.ExceptionServices;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>A call that gave no answer, as an exception for the application.</summary>
internal static class SdkOutcome
{
    /// <summary>The provider's or function's own exception where that is what happened, else the gate's denial.</summary>
    /// <param name="denial">What the gate says.</param>
    /// <param name="callId">The call.</param>
    /// <param name="cause">What the effect threw, if it did.</param>
    /// <param name="certificate">The certificate of the decision, if one is on record.</param>
    public static Exception Of(Denial denial, string? callId, Exception? cause, IssuedCertificate? certificate)
    {
        if (cause is not null && denial.Code == Codes.EffectFailed)
        {
            // Thrown as it is, so that the application's own retries and handlers go on working.
            ExceptionDispatchInfo.Throw(cause);
        }

        return new AgentGateDeniedException(denial, callId, cause, certificate);
    }
}
