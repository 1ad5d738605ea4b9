using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Dashboard.Playground;

/// <summary>What is known of one call, growing with each event. Holds the visitor's own text, in its circuit, and nowhere else.</summary>
public sealed class CallView
{
    private readonly List<GuardRow> _rows = [];
    private readonly StringBuilder _answer = new();
    private readonly IReadOnlyList<PlaygroundGuard> _guards;

    internal CallView(string message, IReadOnlyList<PlaygroundGuard> guards) => (Message, _guards) = (message, guards);

    /// <summary>What the visitor sent.</summary>
    internal string Message { get; }

    internal string? CallId { get; private set; }

    internal int? Status { get; private set; }

    /// <summary>The guards that judged so far, in the order they did, and those that were not reached once that is known.</summary>
    internal IReadOnlyList<GuardRow> Rows => _rows;

    internal DecisionKind? Decision { get; private set; }

    internal PlaygroundEvent.Refused? Refusal { get; private set; }

    internal GateFact.Ended? Outcome { get; private set; }

    /// <summary>The text that the provider's model reads, and the whole body around it.</summary>
    internal string? ReceivedText { get; private set; }

    internal string? ReceivedBody { get; private set; }

    internal string Answer => _answer.ToString();

    internal PlaygroundEvent.Answered? Head { get; private set; }

    internal long Lost { get; private set; }

    internal bool IsDone { get; private set; }

    internal bool IsRefused => Refusal is not null;

    /// <summary>Takes in what happened.</summary>
    internal void Apply(PlaygroundEvent happened)
    {
        switch (happened)
        {
            case PlaygroundEvent.Gate(var told) when CallId is null || told.CallId == CallId || told.ParentCallId == CallId:
                Apply(told);
                break;
            case PlaygroundEvent.Answered answered:
                (Head, Status) = (answered, answered.Status);
                break;
            case PlaygroundEvent.Received(var body):
                (ReceivedText, ReceivedBody) = (TextOf(body), Indented(body));
                break;
            case PlaygroundEvent.Text(var delta):
                _answer.Append(delta);
                break;
            case PlaygroundEvent.Refused refused:
                Refusal = refused;
                break;
            case PlaygroundEvent.Lost(var count):
                Lost = count;
                break;
        }
    }

    /// <summary>Nothing more comes.</summary>
    internal void Done()
    {
        IsDone = true;
        foreach (var guard in _guards.Where(guard => !_rows.Exists(row => row.Guard == guard.Name)))
        {
            _rows.Add(new GuardRow(guard.Name, "not reached", null, [], null, IsResponse: false, Tool: null));
        }
    }

    private void Apply(GateEvent told)
    {
        CallId ??= told.CallId;
        var isTool = told.ParentCallId is not null && told.CallId != CallId;
        switch (told.Fact)
        {
            case GateFact.Judged(var verdict, var isResponse):
                _rows.Add(new GuardRow(
                    verdict.Guard, verdict.Answer, verdict.Code, verdict.Findings, verdict.Elapsed, isResponse, isTool ? "tool call" : null));
                break;
            case GateFact.Decided(var kind, _) when !isTool:
                Decision = kind;
                break;
            case GateFact.Ended ended when !isTool:
                Outcome = ended;
                break;
        }
    }

    private static string TextOf(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["messages"] is JsonArray messages && messages.Count > 0
                ? messages[^1]?["content"]?.ToString() ?? body
                : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static readonly JsonSerializerOptions s_indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Indented(string body)
    {
        try
        {
            return JsonNode.Parse(body)?.ToJsonString(s_indented) ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }
}

/// <summary>One guard's answer in one call.</summary>
/// <param name="Guard">The guard's name.</param>
/// <param name="Answer">What it answered, or <c>not reached</c>.</param>
/// <param name="Code">The code of a denial.</param>
/// <param name="Findings">What it noticed.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="IsResponse">Whether it judged the answer.</param>
/// <param name="Tool">Set where it judged a tool call inside of the answer.</param>
internal sealed record GuardRow(
    string Guard, string Answer, string? Code, ImmutableArray<Finding> Findings, TimeSpan? Elapsed, bool IsResponse, string? Tool);
