using System.Collections.Frozen;
using AgentGate.Content;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>One request of a governed chat client on its way: the call, and the objects its content was written from.</summary>
/// <param name="Call">The call.</param>
/// <param name="Messages">The messages as given.</param>
/// <param name="Options">The options as given.</param>
internal sealed record ChatTurn(GateCall Call, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The tools the request declares, also those a policy takes out afterwards.</summary>
    public FrozenSet<string> Declared { get; } = (Options?.Tools ?? [])
        .OfType<AIFunctionDeclaration>().Select(tool => tool.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The request as it was judged, from the permit and from nowhere else.</summary>
    public (List<ChatMessage> Messages, ChatOptions? Options) Use(Permit permit)
    {
        var judged = (JsonContent)permit.Use();
        permit.RecordTransport(judged.ToUtf8().Span);
        var rebuild = ChatRebuild.Of(judged);
        return (rebuild.Messages(Messages), rebuild.Options(Options, judged.DeclaredTools.ToFrozenSet(StringComparer.Ordinal)));
    }
}
