using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>The gate denied a call made in process, or withheld its answer. The decision is on record under <see cref="CallId"/>.</summary>
/// <remarks>
/// Thrown by a governed chat client and by governed functions, in a stream after the last update that was allowed. The
/// message holds the code and the reason and never any content. A failure of the provider is not a denial: the provider's
/// own exception comes through.
/// </remarks>
public sealed class AgentGateDeniedException : Exception
{
    internal AgentGateDeniedException(Denial denial, string? callId, Exception? cause = null, IssuedCertificate? certificate = null)
        : base(Text(denial), cause)
    {
        Code = denial.Code;
        Kind = denial.Kind;
        RetryAfter = denial.RetryAfter;
        Policies = denial.Policies;
        ApprovalId = denial.ApprovalId;
        CallId = callId;
        Certificate = certificate;
    }

    /// <summary>The stable <c>AG####</c> code; <c>docs/diagnostics.md</c> explains each.</summary>
    public string Code { get; }

    /// <summary>What the caller can do about it.</summary>
    public DenialKind Kind { get; }

    /// <summary>When a retry can succeed, or <see langword="null"/> where a retry cannot help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The ids of the policies that denied the call, as log and trace name them; empty where no policy permits it, or where something else denied it.</summary>
    public IReadOnlyList<string> Policies { get; }

    /// <summary>
    /// The id of the approval the call waits for, or <see langword="null"/> where it is not held. The same call, made again, goes on once a
    /// person has approved it.
    /// </summary>
    public string? ApprovalId { get; }

    /// <summary>The call's id in log and traces, or <see langword="null"/> when the request was refused before it was a call.</summary>
    public string? CallId { get; }

    /// <summary>The certificate of the denial, or <see langword="null"/> where none is on record.</summary>
    public IssuedCertificate? Certificate { get; }

    // The reason names the configuration key; who hosts the gate in process sets it in code.
    private static string Text(Denial denial)
        => denial.Code == Codes.NotPermitted
            ? $"{denial.Code}: {denial.Reason} In code: services.Configure<PolicyOptions>(o => o.UseShippedDefault = true), or a rule in o.Permit."
            : $"{denial.Code}: {denial.Reason}";
}
