using System.Text.Json;
using AgentGate.Content;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>
/// Turns a judged document back into messages: what did not change keeps its objects, what changed becomes a copy. A raw
/// representation never goes on in either direction: it holds what the provider's adapter would prefer to the judged text.
/// </summary>
/// <param name="before">The document as it was written from the objects.</param>
/// <param name="after">The document as it was judged.</param>
internal sealed partial class ChatRebuild(JsonTree before, JsonTree after)
{
    /// <summary>The judged form of a content that was written from objects.</summary>
    public static ChatRebuild Of(JsonContent judged)
    {
        var utf8 = judged.ToUtf8();
        var after = utf8.Equals(judged.Tree.Utf8) ? judged.Tree : JsonTreeParser.Parse(utf8, JsonLimits.Default, out _)!;
        return new ChatRebuild(judged.Tree, after);
    }

    /// <summary>The judged document.</summary>
    public JsonTree After => after;

    /// <summary>The messages to send. Annotations stay here: no request needs them.</summary>
    public List<ChatMessage> Messages(IReadOnlyList<ChatMessage> source) => Messages(source, isAnswer: false);

    /// <summary>The answer for the caller.</summary>
    public ChatResponse Response(ChatResponse source) => new(Messages([.. source.Messages], isAnswer: true))
    {
        ResponseId = source.ResponseId,
        ConversationId = source.ConversationId,
        ModelId = source.ModelId,
        CreatedAt = source.CreatedAt,
        FinishReason = source.FinishReason,
        Usage = source.Usage,
        AdditionalProperties = Properties(source.AdditionalProperties, 0, 0),
    };

    /// <summary>An update for the caller.</summary>
    public ChatResponseUpdate Update(ChatResponseUpdate source)
    {
        var update = source.Clone();
        update.RawRepresentation = null;
        update.AuthorName = after.FindText(0, "name");
        update.AdditionalProperties = Properties(source.AdditionalProperties, 0, 0);
        update.Contents = Contents([.. source.Contents], before.Find(0, "contents"), after.Find(0, "contents"), isAnswer: true);
        return update;
    }

    /// <summary>The values of an object member, by their judged names.</summary>
    /// <param name="source">The values as they were written.</param>
    /// <param name="obj">The object that holds the member, in the document before.</param>
    /// <param name="judged">The same in the document after.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="freeze">Whether a value of any other type becomes the JSON that was judged.</param>
    public IEnumerable<KeyValuePair<string, object?>> Values(
        IEnumerable<KeyValuePair<string, object?>> source, int obj, int judged, string member, bool freeze)
    {
        var names = before.Members(before.Find(obj, member)).ToList();
        var renamed = after.Members(after.Find(judged, member)).ToList();
        var at = 0;
        foreach (var (key, value) in source)
        {
            // A value without a JSON form is not among the members; configuration allowed it as an unread part.
            if (at < names.Count && before.TextSpan(names[at]).SequenceEqual(key))
            {
                var name = renamed[at];
                yield return new(after.TextSpan(name).ToString(), Value(value, names[at] + 1, name + 1, freeze));
                at++;
            }
            else
            {
                yield return new(key, value);
            }
        }
    }

    private List<ChatMessage> Messages(IReadOnlyList<ChatMessage> source, bool isAnswer)
    {
        var result = new List<ChatMessage>(source.Count);
        var pairs = before.Elements(before.Find(0, "messages")).Zip(after.Elements(after.Find(0, "messages"))).ToList();
        for (var i = 0; i < source.Count; i++)
        {
            var (was, now) = pairs[i];
            var contents = Contents([.. source[i].Contents], before.Find(was, "contents"), after.Find(now, "contents"), isAnswer);
            if (Same(was, now) && source[i].RawRepresentation is null && contents.SequenceEqual(source[i].Contents, ReferenceEqualityComparer.Instance))
            {
                result.Add(source[i]);
                continue;
            }

            var message = source[i].Clone();
            message.RawRepresentation = null;
            message.AuthorName = after.FindText(now, "name");
            message.AdditionalProperties = Properties(source[i].AdditionalProperties, was, now);
            message.Contents = contents;
            result.Add(message);
        }

        return result;
    }

    private List<AIContent> Contents(IReadOnlyList<AIContent> source, int was, int now, bool isAnswer)
        => [.. source.Zip(before.Elements(was).Zip(after.Elements(now)), (content, nodes) => Content(content, nodes.First, nodes.Second, isAnswer))];

    private AIContent Content(AIContent source, int was, int now, bool isAnswer)
    {
        if (Same(was, now) && source.RawRepresentation is null && (isAnswer || source.Annotations is null)
            && source is not (FunctionCallContent or FunctionResultContent))
        {
            return source;
        }

        if (Copy(source, was, now, isAnswer) is not { } copy)
        {
            // A kind this door does not know came this far because configuration allows unread parts.
            return source;
        }

        copy.AdditionalProperties = Properties(source.AdditionalProperties, was, now);
        copy.Annotations = isAnswer ? source.Annotations : null;
        return copy;
    }

    private AIContent? Copy(AIContent source, int was, int now, bool isAnswer) => source switch
    {
        TextContent => new TextContent(after.FindText(now, "text")),
        TextReasoningContent => new TextReasoningContent(after.FindText(now, "text")) { ProtectedData = after.FindText(now, "protected") },
        FunctionCallContent call => new FunctionCallContent(
            after.FindText(now, "call_id") ?? call.CallId,
            after.FindText(now, "name") ?? call.Name,
            call.Arguments is null ? null : Dictionary(Values(call.Arguments, was, now, "arguments", freeze: true)))
        {
            Exception = call.Exception,
            InformationalOnly = call.InformationalOnly,
        },
        FunctionResultContent result => new FunctionResultContent(
            after.FindText(now, "call_id") ?? result.CallId, Result(result.Result, was, now, isAnswer)),
        DataContent data => new DataContent(data.Data, data.MediaType) { Name = data.Name },
        UriContent => new UriContent(after.FindText(now, "uri")!, after.FindText(now, "media_type")!),
        HostedFileContent => new HostedFileContent(after.FindText(now, "file_id")!) { Name = after.FindText(now, "name") },
        HostedVectorStoreContent => new HostedVectorStoreContent(after.FindText(now, "vector_store_id")!),
        ErrorContent => new ErrorContent(after.FindText(now, "message"))
        {
            ErrorCode = after.FindText(now, "code"),
            Details = after.FindText(now, "details"),
        },
        UsageContent usage => new UsageContent(usage.Details),
        _ => null,
    };

    private object? Result(object? result, int was, int now, bool isAnswer) => result switch
    {
        AIContent content => Contents([content], before.Find(was, "contents"), after.Find(now, "contents"), isAnswer)[0],
        IEnumerable<AIContent> contents => Contents([.. contents], before.Find(was, "contents"), after.Find(now, "contents"), isAnswer),
        _ when before.Find(was, "result") is var node && node >= 0 => Value(result, node, after.Find(now, "result"), freeze: true),
        _ => result,
    };

    private object? Value(object? value, int was, int now, bool freeze)
    {
        var isPlain = value is null or string or JsonElement or bool or int or long or double;
        if (Same(was, now) && (isPlain || !freeze))
        {
            return value;
        }

        return value is string && after.IsString(now)
            ? after.TextSpan(now).ToString()
            : JsonElement.Parse(after.Raw(now));
    }

    private AdditionalPropertiesDictionary? Properties(AdditionalPropertiesDictionary? source, int was, int now)
    {
        if (source is null || before.Find(was, "properties") is not (>= 0 and var node) || Same(node, after.Find(now, "properties")))
        {
            return source;
        }

        return new AdditionalPropertiesDictionary(Values(source, was, now, "properties", freeze: false));
    }

    private static Dictionary<string, object?> Dictionary(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            result[key] = value;
        }

        return result;
    }

    private bool Same(int was, int now) => was < 0 ? now < 0 : now >= 0 && before.Raw(was).SequenceEqual(after.Raw(now));
}
