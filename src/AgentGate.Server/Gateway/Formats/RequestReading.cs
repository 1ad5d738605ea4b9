using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>What a format makes of a request: its parts, and what the call asks for beside the model.</summary>
internal sealed class RequestReading(JsonTree tree)
{
    private readonly HashSet<ResourceRequest> _alsoRequires = [];

    /// <summary>The roles, unread parts and declared tools.</summary>
    public DocumentReading Document { get; } = new(tree);

    public JsonTree Tree => Document.Tree;

    /// <summary>The model as the caller named it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>The node of the model's name.</summary>
    public int ModelNode { get; private set; } = -1;

    public bool Stream { get; set; }

    public string? PreviousResponseId { get; set; }

    /// <summary>Whether the provider keeps the answer, so that a later request may continue it.</summary>
    public bool Stored { get; set; }

    /// <summary>What the model may produce; <see langword="null"/> where the format generates nothing.</summary>
    public OutputDemand? Output { get; set; }

    /// <summary>Further permissions: provider-run tools, fetched content, a forced tool.</summary>
    public IReadOnlyCollection<ResourceRequest> AlsoRequires => _alsoRequires;

    public void ReadModel()
    {
        ModelNode = Tree.Find(0, "model");
        Document.Expect(Tree.IsString(ModelNode) && Tree[ModelNode].TextLength > 0, "model", "a non-empty string");
        if (Tree.IsString(ModelNode))
        {
            Model = Tree.TextSpan(ModelNode).ToString();
            Document.Role(ModelNode, SegmentRole.Protocol);
        }
    }

    public void ReadStream()
    {
        var node = Tree.Find(0, "stream");
        Document.Expect(
            node < 0 || Tree[node].Type is System.Text.Json.JsonTokenType.True or System.Text.Json.JsonTokenType.False or System.Text.Json.JsonTokenType.Null,
            "stream",
            "true or false");
        Stream = node >= 0 && Tree.IsTrue(node);
    }

    /// <summary>A tool the provider runs itself: an effect nobody can gate afterwards.</summary>
    public void ProviderTool(string provider, string? kind)
        => _alsoRequires.Add(new ResourceRequest(
            GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, $"{provider}/{Word(kind)}")));

    /// <summary>The built-in tools the request offers whose calls come back for the caller's side to run.</summary>
    public HashSet<string> CallerRun { get; } = [];

    /// <summary>Notes a built-in tool that the caller's side runs.</summary>
    public void CallerRuns(string? name)
    {
        if (name is not null)
        {
            CallerRun.Add(name);
        }
    }

    /// <summary>Content the provider fetches itself. The kind names it; the address stays a segment and never becomes an id.</summary>
    public void Fetched(string kind)
        => _alsoRequires.Add(new ResourceRequest(GateActions.FetchContent, new EntityRef(EntityRef.FetchedContentType, kind)));

    /// <summary>A tool the request forces the model to call.</summary>
    public void ForcedTool(string? name)
    {
        if (name is { Length: > 0 })
        {
            _alsoRequires.Add(new ResourceRequest(GateActions.CallTool, EntityRef.Tool(name)));
        }
    }

    /// <summary>A declared tool.</summary>
    public void Tool(string? name, int element)
    {
        Document.Role(element, SegmentRole.Definition);
        if (name is { Length: > 0 })
        {
            Document.Tools.Add((name, element));
        }
        else
        {
            Document.Refuse(Codes.InvalidField, "Every tool needs a name that is a non-empty string.");
        }
    }

    /// <summary>A word of the protocol as it may stand in a record; anything else a caller wrote is <c>other</c>.</summary>
    private static string Word(string? text)
        => text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.')
            ? text
            : "other";
}
