using System.Text;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Content;

/// <summary>Turns a strictly read document, as a door understood it, into segments.</summary>
internal static class JsonContentReader
{
    /// <summary>How deep strings that hold JSON may hold strings that hold JSON. Deeper ones are plain text.</summary>
    private const int HoldingMax = 4;

    /// <summary>What a document in a string costs beside its nodes, so that <c>["[0]","[0]",…]</c> stays within the bound too.</summary>
    private const int HoldingCost = 16;

    /// <summary>The content of a request's document as a door read it: every string that holds JSON is read as JSON.</summary>
    /// <param name="reading">What the door made of it.</param>
    /// <param name="limits">The bounds, shared by the documents inside.</param>
    public static JsonContent Read(DocumentReading reading, JsonLimits limits) => Read(reading, limits, holdsOnlyArguments: false);

    /// <summary>
    /// The content of an answer's document: only tool arguments are read as JSON. A model's text stays text, also where it
    /// looks like JSON, so that a streamed answer and a whole one are restored to the same characters.
    /// </summary>
    public static JsonContent ReadAnswer(DocumentReading reading, JsonLimits limits) => Read(reading, limits, holdsOnlyArguments: true);

    private static JsonContent Read(DocumentReading reading, JsonLimits limits, bool holdsOnlyArguments)
    {
        var build = new Build(limits, holdsOnlyArguments, limits.NodesMax - reading.Tree.Count);
        build.Parts.Add(new JsonContent.Part(reading.Tree, -1, -1));
        build.Walk(0, reading, inherited: null, holding: 0);
        if (build.IsExhausted)
        {
            reading.Refuse(Codes.TooLarge, $"The strings of the body hold more than {limits.NodesMax} names and values as JSON.");
        }

        return new JsonContent([.. build.Parts], [.. build.Slots], [.. build.Segments], reading);
    }

    private sealed class Build(JsonLimits limits, bool holdsOnlyArguments, int nodesLeft)
    {
        private int _nodesLeft = nodesLeft;

        /// <summary>Whether the documents in strings passed the bound; what was built is then not to be used.</summary>
        public bool IsExhausted { get; private set; }

        public List<JsonContent.Part> Parts { get; } = [];

        public List<JsonContent.Slot> Slots { get; } = [];

        public List<Segment> Segments { get; } = [];

        public void Walk(int part, DocumentReading? reading, SegmentRole? inherited, int holding)
        {
            var tree = Parts[part].Tree;
            for (var node = 0; node < tree.Count; node++)
            {
                ref readonly var token = ref tree[node];
                var role = inherited ?? reading!.RoleOf(node);
                var mark = reading?.MarkOf(node);
                switch (token.Type)
                {
                    case JsonTokenType.PropertyName:
                        Add(part, node, mark ?? SegmentKind.Key, role, tree.Text(node));
                        break;
                    case JsonTokenType.String when mark is null && TryHold(part, node, role, holding):
                        break;
                    case JsonTokenType.String:
                        Add(part, node, mark ?? SegmentKind.Text, role, mark is SegmentKind.Unread ? default : tree.Text(node));
                        break;
                    case JsonTokenType.Number when DocumentReading.IsLongNumber(token, tree.TextSpan(node)):
                        Add(part, node, mark ?? SegmentKind.Number, role, tree.Text(node));
                        break;
                }
            }
        }

        private void Add(int part, int node, SegmentKind kind, SegmentRole role, ReadOnlyMemory<char> text)
        {
            Segments.Add(new Segment(Segments.Count, kind, role, text));
            Slots.Add(new JsonContent.Slot(part, node));
        }

        /// <summary>Reads a string that holds a JSON object or array as the document it is.</summary>
        private bool TryHold(int part, int node, SegmentRole role, int holding)
        {
            if (holdsOnlyArguments && role != SegmentRole.ToolArguments)
            {
                return false;
            }

            var text = Parts[part].Tree.TextSpan(node);
            var start = text.IndexOfAnyExcept(" \t\r\n");
            if (holding == HoldingMax || IsExhausted || text.Length < 2 || start < 0 || text[start] is not ('{' or '['))
            {
                return false;
            }

            var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, utf8);
            if (JsonTreeParser.Parse(utf8, limits, out _) is not { Count: > 1 } held)
            {
                return false;
            }

            _nodesLeft -= held.Count + HoldingCost;
            if (_nodesLeft < 0)
            {
                IsExhausted = true;
                return false;
            }

            Parts.Add(new JsonContent.Part(held, part, node));
            Walk(Parts.Count - 1, reading: null, role, holding + 1);
            return true;
        }
    }
}
