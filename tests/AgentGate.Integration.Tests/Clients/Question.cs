namespace AgentGate.Integration.Tests.Clients;

/// <summary>What a client asks.</summary>
/// <param name="Turns">The history and the new turn.</param>
internal sealed record Question(params Turn[] Turns)
{
    public string Model { get; init; } = "demo-echo";

    public string[] Tools { get; init; } = [];

    /// <summary>Continues a stored answer; for the responses route.</summary>
    public string? Previous { get; init; }

    public static Question Of(string text, params string[] tools) => new(new Turn.User(text)) { Tools = tools };
}

/// <summary>One turn of a conversation.</summary>
internal abstract record Turn
{
    public sealed record User(string Text) : Turn;

    /// <summary>A user's turn with a picture in it.</summary>
    public sealed record Picture(string Text, byte[] Png) : Turn;

    public sealed record Assistant(Answer Answer) : Turn;

    public sealed record ToolResult(string CallId, string Text) : Turn;
}

/// <summary>What came back.</summary>
internal sealed record Answer(string Id, string Text, IReadOnlyList<ToolUse> Tools, string Finish, long InputTokens, long OutputTokens);

/// <summary>A tool call as the application gets it.</summary>
internal sealed record ToolUse(string Id, string Name, string Arguments);
