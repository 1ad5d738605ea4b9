using System.Text.Json;

namespace AgentGate.Content;

/// <summary>One token of a parsed document, in document order. Containers span their children.</summary>
internal struct JsonNode
{
    /// <summary>The token: a start token for containers, <see cref="JsonTokenType.PropertyName"/> for names.</summary>
    public JsonTokenType Type;

    /// <summary>The first raw byte, the opening quote for strings and names.</summary>
    public int Start;

    /// <summary>One past the last raw byte.</summary>
    public int End;

    /// <summary>The node after this one and its children.</summary>
    public int Next;

    /// <summary>The container, or -1 for the root.</summary>
    public int Parent;

    /// <summary>The decoded text of a string or name, in the tree's character buffer.</summary>
    public int TextStart;

    /// <summary>The length of the decoded text.</summary>
    public int TextLength;
}
