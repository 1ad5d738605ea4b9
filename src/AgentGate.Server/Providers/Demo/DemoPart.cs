namespace AgentGate.Server.Providers.Demo;

/// <summary>One part of the demo model's answer. A closed set.</summary>
internal abstract record DemoPart
{
    private DemoPart()
    {
    }

    public sealed record Text(string Value) : DemoPart;

    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">A JSON object, as text.</param>
    public sealed record ToolCall(string Name, string Arguments) : DemoPart;

    public sealed record Thinking(string Value) : DemoPart;

    public sealed record Image : DemoPart;
}
