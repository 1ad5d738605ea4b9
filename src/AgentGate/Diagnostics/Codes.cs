namespace AgentGate.Diagnostics;

/// <summary>
/// The stable codes of denials, failures and warnings. A code is never reused for another meaning;
/// <c>docs/diagnostics.md</c> explains each, and a test compares the two.
/// </summary>
public static partial class Codes
{
}
