namespace AgentGate.Kernel.Decisions;

/// <summary>A further permission a call needs beside its main one, for example a provider-run tool. All must permit.</summary>
/// <param name="Action">One of <see cref="GateActions"/>.</param>
/// <param name="Resource">The entity acted on.</param>
public readonly record struct ResourceRequest(string Action, EntityRef Resource);
