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
}
