using AgentGate.Kernel.Transparency;

namespace AgentGate.Server.Audit;

/// <summary>How the API spells what breaks a chain.</summary>
internal static class ChainWords
{
    /// <summary>The word, or <see langword="null"/> for a whole chain.</summary>
    public static string? Of(ChainBreak? reason) => reason switch
    {
        null => null,
        ChainBreak.Edited => "edited",
        ChainBreak.Missing => "missing",
        ChainBreak.Reordered => "reordered",
        ChainBreak.Truncated => "truncated",
        _ => "unknown_key",
    };
}
