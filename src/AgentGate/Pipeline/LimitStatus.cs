using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>Where a call stands in the limits that concern it, as doors and pages tell it. Set for calls that are refused, too.</summary>
/// <param name="Limits">The limits, in the order of the rules.</param>
internal sealed record LimitStatus(ImmutableArray<LimitState> Limits);

/// <summary>One limit after a call was judged by it.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Calls">The most calls in a window.</param>
/// <param name="Window">The length of the window.</param>
/// <param name="Remaining">How many more calls fit now.</param>
/// <param name="NextFree">How long until one more fits than now; never early.</param>
/// <param name="IsOwn">Whether the count is of the caller's own tenant. How busy other tenants are is not to be told.</param>
internal readonly record struct LimitState(string Name, int Calls, TimeSpan Window, int Remaining, TimeSpan NextFree, bool IsOwn);
