using AgentGate.Content;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Chat;

/// <summary>Reads a document of this door: roles, unread and signed parts, declared tools, and what else the call asks for. Checks nothing.</summary>
internal sealed class ChatReading(JsonTree tree, string provider)
{
    private readonly HashSet<ResourceRequest> _alsoRequires = [];
    private bool _isAnswer;

    /// <summary>The roles, unread parts and declared tools.</summary>
    public DocumentReading Document { get; } = new(tree);

    /// <summary>Further permissions: provider-run tools, fetched content, a forced tool.</summary>
    public IReadOnlyCollection<ResourceRequest> AlsoRequires => _alsoRequires;

    /// <summary>A request as content.</summary>
    public JsonContent Request()
    {
        Document.Role(tree.Find(0, "model"), SegmentRole.Protocol);
        Document.Role(tree.Find(0, "conversation"), SegmentRole.Protocol);
        Document.Role(tree.Find(0, "instructions"), SegmentRole.System);
        Document.Role(tree.Find(0, "response_format"), SegmentRole.Definition);
        Messages(RoleOf);
        Tools();
        Properties(0);
        if (tree.Find(0, ChatDocument.UnreadPrefix + "request") is var raw && raw >= 0)
        {
            Document.Unread(raw, "other");
        }

        return JsonContentReader.Read(Document, JsonLimits.Default);
    }

    /// <summary>A complete answer as content.</summary>
    public JsonContent Answer()
    {
        _isAnswer = true;
        Messages(_ => SegmentRole.Assistant);
        Properties(0);
        return JsonContentReader.ReadAnswer(Document, JsonLimits.Default);
    }

    /// <summary>An update of a stream as content.</summary>
    public JsonContent Update()
    {
        _isAnswer = true;
        Document.Role(tree.Find(0, "role"), SegmentRole.Protocol);
        Contents(tree.Find(0, "contents"), SegmentRole.Assistant);
        Properties(0);
        return JsonContentReader.ReadAnswer(Document, JsonLimits.Default);
    }

    /// <summary>A function's arguments as content.</summary>
    public JsonContent Arguments()
    {
        Document.Role(0, SegmentRole.ToolArguments);
        Unread(0, "arguments");
        return JsonContentReader.Read(Document, JsonLimits.Default);
    }

    private static SegmentRole RoleOf(string? role) => role switch
    {
        "system" or "developer" => SegmentRole.System,
        "assistant" => SegmentRole.Assistant,
        "tool" => SegmentRole.ToolResult,
        _ => SegmentRole.User,
    };

    private void Messages(Func<string?, SegmentRole> roleOf)
    {
        foreach (var message in tree.Elements(tree.Find(0, "messages")))
        {
            var role = roleOf(tree.FindText(message, "role"));
            Document.Role(message, role);
            Document.Role(tree.Find(message, "role"), SegmentRole.Protocol);
            Document.Role(tree.Find(message, "id"), SegmentRole.Protocol);
            Document.Role(tree.Find(message, "name"), SegmentRole.Metadata);
            Contents(tree.Find(message, "contents"), role);
            Properties(message);
        }
    }

    private void Contents(int contents, SegmentRole role)
    {
        foreach (var content in tree.Elements(contents))
        {
            Content(content, role);
            Document.Role(tree.Find(content, "type"), SegmentRole.Protocol);
            Properties(content);
        }
    }

    private void Content(int content, SegmentRole role)
    {
        Document.Role(content, role);
        switch (tree.FindText(content, "type"))
        {
            case ChatContentTypes.Reasoning:
                Reasoning(content);
                break;
            case ChatContentTypes.Call:
                Document.Role(content, SegmentRole.ToolArguments);
                Document.Role(tree.Find(content, "call_id"), SegmentRole.Protocol);
                Unread(content, "arguments");
                break;
            case ChatContentTypes.Result:
                Document.Role(content, SegmentRole.ToolResult);
                Document.Role(tree.Find(content, "call_id"), SegmentRole.Protocol);
                Contents(tree.Find(content, "contents"), SegmentRole.ToolResult);
                Unread(content, "result");
                break;
            case ChatContentTypes.Uri:
                Fetched(ChatContentTypes.OfMedia(tree.FindText(content, "media_type")) + "_url");
                break;
            case ChatContentTypes.HostedFile:
                Fetched("file_id");
                break;
            case ChatContentTypes.VectorStore:
                Fetched("vector_store");
                break;
            case ChatContentTypes.Text or ChatContentTypes.Error or ChatContentTypes.Usage:
                break;
            case var kind:
                Document.Unread(content, kind ?? ChatContentTypes.Other);
                break;
        }
    }

    // A signed text may be read and not changed; a block with nothing but protected data cannot even be read. In an
    // answer every reasoning is left as it came: its signature may still follow, and it only ever goes back.
    private void Reasoning(int content)
    {
        if (_isAnswer)
        {
            Document.Sealed(content);
            return;
        }

        if (tree.IsNullOrAbsent(tree.Find(content, "protected")))
        {
            return;
        }

        var text = tree.Find(content, "text");
        if (tree.IsString(text) && tree[text].TextLength > 0)
        {
            Document.Sealed(content);
        }
        else
        {
            Document.Unread(content, "encrypted");
        }
    }

    private void Tools()
    {
        foreach (var tool in tree.Elements(tree.Find(0, "tools")))
        {
            Document.Role(tool, SegmentRole.Definition);
            Properties(tool);
            var name = tree.FindText(tool, "name") ?? "";
            if (tree.TextIs(tree.Find(tool, "type"), "function"))
            {
                Document.Tools.Add((name, tool));
            }
            else
            {
                // What the provider runs is described by an object of the application that nobody can rewrite.
                Document.Sealed(tool);
                _alsoRequires.Add(new ResourceRequest(
                    GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, $"{provider}/{Word(name)}")));
            }
        }

        if (tree.FindText(tree.Find(0, "tool_choice"), "name") is { Length: > 0 } forced)
        {
            _alsoRequires.Add(new ResourceRequest(GateActions.CallTool, EntityRef.Tool(forced)));
        }
    }

    private void Fetched(string kind)
        => _alsoRequires.Add(new ResourceRequest(GateActions.FetchContent, new EntityRef(EntityRef.FetchedContentType, kind)));

    private void Properties(int obj)
    {
        Document.Role(tree.Find(obj, "properties"), SegmentRole.Metadata);
        Unread(obj, "properties");
    }

    private void Unread(int obj, string member)
    {
        if (tree.Find(obj, ChatDocument.UnreadPrefix + member) is var unread && unread >= 0)
        {
            Document.Unread(unread, ChatContentTypes.Other);
        }
    }

    /// <summary>A word as it may stand in a record; anything else is <c>other</c>.</summary>
    internal static string Word(string? text)
        => text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.')
            ? text
            : "other";
}
