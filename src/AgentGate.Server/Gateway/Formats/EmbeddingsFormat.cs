using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>OpenAI's embeddings. The provider embeds tokens, never values.</summary>
internal sealed class EmbeddingsFormat : ModelFormat
{
    public override WireFormat Wire => WireFormat.OpenAIEmbeddings;

    public override string Action => GateActions.Embed;

    public override void ReadRequest(RequestReading request)
    {
        var (tree, document) = (request.Tree, request.Document);
        document.CheckNames(0, Names.Embeddings, Names.FreeForm);
        request.ReadModel();
        var input = tree.Find(0, "input");
        document.Expect(tree.IsString(input) || tree.IsArray(input), "input", "a string or an array of strings");
        document.Role(input, SegmentRole.User);
        document.Role(tree.Find(0, "user"), SegmentRole.Metadata);
        if (tree.Elements(input).Any(element => !tree.IsString(element)))
        {
            document.Refuse(Codes.TokenIds, "The field \"input\" is given as token ids, which no guard can read; send text.");
        }
    }

    public override Usage? ReadUsage(JsonTree answer)
        => answer.Find(0, "usage") is var usage && answer.IsObject(usage) ? new Usage(Count(answer, usage, "prompt_tokens"), 0) : null;
}
