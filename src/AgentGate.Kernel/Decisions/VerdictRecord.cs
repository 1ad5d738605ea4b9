using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>What one guard answered, as the decision keeps it.</summary>
/// <param name="Guard">The guard's name.</param>
/// <param name="Answer"><c>allow</c>, <c>transform</c>, <c>hold</c>, <c>deny</c>, <c>failed</c>, <c>skipped</c> or <c>counted</c> (when the call was held).</param>
/// <param name="Code">The <c>AG####</c> code of a hold, a denial or a failure.</param>
/// <param name="Shadow">Whether the answer was recorded and not enforced.</param>
/// <param name="FailedOpen">Whether the guard failed and its explicit fail-open option let the call go on.</param>
/// <param name="Findings">What the guard noticed.</param>
/// <param name="Elapsed">How long the guard took.</param>
public sealed record VerdictRecord(
    string Guard,
    string Answer,
    string? Code,
    bool Shadow,
    bool FailedOpen,
    ImmutableArray<Finding> Findings,
    TimeSpan Elapsed);
