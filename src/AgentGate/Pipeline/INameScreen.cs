namespace AgentGate.Pipeline;

/// <summary>Tells whether a name a caller chose may stand in a record as it is. Thread-safe.</summary>
internal interface INameScreen
{
    /// <summary>Whether a name holds nothing that reads as personal data.</summary>
    /// <param name="name">The name of a model or a tool.</param>
    bool MayGoOnRecord(string name);
}
