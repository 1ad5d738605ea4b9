namespace AgentGate.Pipeline;

/// <summary>Settings of the gate itself.</summary>
public sealed class GateOptions
{
    /// <summary>How long putting an entry on record may take before the gate closes for that call.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan RecordDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes of what left are kept in the trace.</summary>
    /// <value>The default is 65,536.</value>
    public int TraceBytesMax { get; set; } = 64 * 1024;

    /// <summary>The names of guards whose verdicts are recorded, marked <c>shadow</c>, and not enforced.</summary>
    /// <value>The default is empty. Only guards that carry rules of an operator can be watched this way, see <see cref="ShadowNames"/>.</value>
    public IList<string> Shadow { get; } = [];

    /// <summary>Whether every decision carries a certificate. A server does not start without; an application may do without the proofs.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Certificates { get; set; } = true;

    /// <summary>Called with every certificate once it is on record, on the flow of its call: be quick. What it throws is logged and changes nothing.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public Action<IssuedCertificate>? CertificateIssued { get; set; }

    /// <summary>The guards that may be named in <see cref="Shadow"/>: policies. What protects whatever the rules say is always enforced.</summary>
    internal static IReadOnlyList<string> ShadowNames { get; } = [GuardNames.Admissibility, "Unread"];
}
