using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Where a tenant's log begins and ends.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Start">What stands before the first stored entry; <see cref="ChainHead.Genesis"/> unless older entries were dropped.</param>
/// <param name="Head">The head that was recorded with the newest entry.</param>
/// <param name="LastSeq">The number of the newest entry that is really there.</param>
internal sealed record StoredLog(string Tenant, ChainHead Start, ChainHead Head, long LastSeq);
