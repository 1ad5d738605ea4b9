using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>An entry on its way to the writer, and the one who waits for it.</summary>
internal sealed class PendingEntry(DecisionRecord record)
    : TaskCompletionSource<CertificateSeal?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private static readonly DecisionRecord s_nothing = new(new LogEntryBody { Id = string.Empty, Kind = EntryKind.Admin, At = default, Tenant = string.Empty });

    /// <summary>Nothing to store: it asks the writer to find out whether everything is where it was.</summary>
    public static PendingEntry Question() => new(s_nothing);

    public bool IsQuestion => ReferenceEquals(Record, s_nothing);

    /// <summary>The lost call that the entry tells of, if it tells of one.</summary>
    public LostCall? Lost { get; init; }

    public DecisionRecord Record { get; } = record;

    public LogEntryBody Entry => Record.Entry;

    public CallTrace? Trace => Record.Trace;

    /// <summary>The certificate's signature and place, once its batch was chained and signed.</summary>
    public CertificateSeal? Seal { get; set; }
}
