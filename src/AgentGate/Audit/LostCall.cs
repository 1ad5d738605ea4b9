using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A call whose acknowledged entries the store lost, and the entry that says so. Not thread-safe: the writer owns it.</summary>
/// <param name="report">The entry.</param>
/// <param name="isIntentLost">Whether the intent is among what was lost, so that the call is not open.</param>
internal sealed class LostCall(LogEntryBody report, bool isIntentLost)
{
    public LogEntryBody Report => report;

    public bool IsIntentLost => isIntentLost;

    /// <summary>Where the entry went with the last try: a try whose answer was lost must not be made twice.</summary>
    public LogMark? Tried { get; set; }
}
