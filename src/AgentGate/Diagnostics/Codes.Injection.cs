namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>A text that a role may not hold reads as a prompt injection, above the block threshold.</summary>
    public const string InjectionBlocked = "AG2010";
}
