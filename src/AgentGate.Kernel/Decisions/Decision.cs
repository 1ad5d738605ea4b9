using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>The gate's decision on one call, with the verdicts it rests on.</summary>
/// <param name="Kind">Allow, deny or hold.</param>
/// <param name="Verdicts">The verdicts of the guards that ran, in order. A guard that was not reached is absent.</param>
/// <param name="Denial">Why, for a denial or a hold.</param>
public sealed record Decision(DecisionKind Kind, ImmutableArray<VerdictRecord> Verdicts, Denial? Denial);
