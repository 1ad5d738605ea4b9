using System.Collections.Immutable;

namespace AgentGate.Server.Providers.Demo;

/// <summary>What the demo model reads of a request, whatever its wire format.</summary>
internal sealed record DemoPrompt
{
    public required string Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether a chat stream ends with a usage chunk.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The text of every user message, oldest first.</summary>
    public required ImmutableArray<string> UserTexts { get; init; }

    /// <summary>The results of tools, when the conversation ends with them.</summary>
    public ImmutableArray<string> ToolResults { get; init; } = [];

    /// <summary>The length of the whole request, for the usage.</summary>
    public int InputChars { get; init; }

    public long InputTokens => DemoText.Tokens(InputChars);
}
