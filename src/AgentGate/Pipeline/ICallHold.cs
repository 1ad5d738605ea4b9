namespace AgentGate.Pipeline;

/// <summary>
/// Something a guard took for one call and may have to give back. The guard leaves it in the call's scope; the gate tells it exactly once
/// how the call ended, whichever way: also where a later guard refused it, and where it threw.
/// </summary>
/// <remarks>Used by one flow. What it throws is logged, and changes nothing.</remarks>
internal interface ICallHold
{
    /// <summary>The call ended.</summary>
    ValueTask EndedAsync(CallFate fate);
}

/// <summary>How a call ended, as far as the world outside is concerned.</summary>
internal enum CallFate
{
    /// <summary>Its effect did not run: it was refused, abandoned, or could not be put on record.</summary>
    NotRun,

    /// <summary>It waits for a person. The call is resumed under the same id, or never.</summary>
    Held,

    /// <summary>Its effect ran, and answered.</summary>
    Completed,

    /// <summary>Its effect ran and failed.</summary>
    Failed,

    /// <summary>Its effect was cut off or its answer withheld: it may have happened.</summary>
    Uncertain,
}
