using System.Collections.Immutable;

namespace AgentGate.Server.Providers.Demo;

/// <summary>What the demo model answers, before it takes the shape of a wire format.</summary>
internal sealed record DemoAnswer
{
    public ImmutableArray<DemoPart> Parts { get; init; } = [];

    /// <summary>The HTTP status of an error to answer with, or <see langword="null"/>.</summary>
    public int? ErrorStatus { get; init; }

    /// <summary>Whether the connection breaks within the answer.</summary>
    public bool BreaksMidway { get; init; }

    /// <summary>The pause before each event of a stream, or before a whole answer.</summary>
    public TimeSpan Pause { get; init; }

    public bool CallsTools => Parts.Any(p => p is DemoPart.ToolCall);

    public long OutputTokens => DemoText.Tokens(Parts.Sum(p => p switch
    {
        DemoPart.Text text => text.Value.Length,
        DemoPart.ToolCall tool => tool.Name.Length + tool.Arguments.Length,
        DemoPart.Thinking thinking => thinking.Value.Length,
        _ => 4,
    }));
}
