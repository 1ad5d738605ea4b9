using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Diagnostics;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>
/// Writes messages and options of Microsoft.Extensions.AI as one JSON document of this door's own shape, so that one
/// kind of content serves every guard. What cannot be written is named as unread, never left out.
/// </summary>
internal sealed partial class ChatDocument : IDisposable
{
    /// <summary>Names the members whose values have no JSON form, beside the object they belong to.</summary>
    public const string UnreadPrefix = "unread_";

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;

    private ChatDocument()
        => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 });

    private JsonFault? Fault { get; set; }

    /// <summary>A request.</summary>
    public static (JsonTree? Tree, JsonFault? Fault) Request(IReadOnlyList<ChatMessage> messages, ChatOptions? options, string model)
        => Read(document =>
        {
            document.Text("model", model);
            document.Messages(messages);
            document.Options(options);
        });

    /// <summary>A complete answer.</summary>
    public static (JsonTree? Tree, JsonFault? Fault) Answer(ChatResponse response)
        => Read(document =>
        {
            document.Text("id", response.ResponseId);
            document.Text("model", response.ModelId);
            document.Messages(response.Messages);
            document.Values("properties", response.AdditionalProperties);
        });

    /// <summary>One update of a streamed answer.</summary>
    public static (JsonTree? Tree, JsonFault? Fault) Update(ChatResponseUpdate update)
        => Read(document =>
        {
            document.Text("id", update.ResponseId);
            document.Text("message_id", update.MessageId);
            document.Text("model", update.ModelId);
            document.Text("role", update.Role?.Value);
            document.Text("name", update.AuthorName);
            document.Contents("contents", update.Contents);
            document.Values("properties", update.AdditionalProperties);
        });

    /// <summary>The arguments of a function.</summary>
    public static (JsonTree? Tree, JsonFault? Fault) Arguments(IEnumerable<KeyValuePair<string, object?>> arguments)
        => Read(document => document.Values("arguments", arguments, always: true));

    public void Dispose() => _writer.Dispose();

    private static (JsonTree? Tree, JsonFault? Fault) Read(Action<ChatDocument> write)
    {
        using var document = new ChatDocument();
        document._writer.WriteStartObject();
        write(document);
        document._writer.WriteEndObject();
        document._writer.Flush();
        if (document.Fault is { } refused)
        {
            return (null, refused);
        }

        var tree = JsonTreeParser.Parse(document._buffer.WrittenMemory, JsonLimits.Default, out var fault);
        return (tree, fault);
    }

    private void Messages(IEnumerable<ChatMessage> messages)
    {
        _writer.WriteStartArray("messages");
        foreach (var message in messages)
        {
            _writer.WriteStartObject();
            Text("role", message.Role.Value);
            Text("name", message.AuthorName);
            Text("id", message.MessageId);
            Contents("contents", message.Contents);
            Values("properties", message.AdditionalProperties);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void Contents(string name, IEnumerable<AIContent> contents)
    {
        _writer.WriteStartArray(name);
        foreach (var content in contents)
        {
            _writer.WriteStartObject();
            Content(content);
            Values("properties", content.AdditionalProperties);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void Content(AIContent content)
    {
        Text("type", ChatContentTypes.Of(content));
        switch (content)
        {
            case TextContent text:
                Text("text", text.Text);
                break;
            case TextReasoningContent reasoning:
                Text("text", reasoning.Text);
                Text("protected", reasoning.ProtectedData);
                break;
            case FunctionCallContent call:
                Text("call_id", call.CallId);
                Text("name", call.Name);
                Values("arguments", call.Arguments, always: call.Arguments is not null);
                break;
            case FunctionResultContent result:
                Text("call_id", result.CallId);
                Result(result.Result);
                break;
            case DataContent data:
                Text("media_type", data.MediaType);
                Text("name", data.Name);
                Text("data", data.Base64Data.ToString());
                break;
            case UriContent uri:
                Text("uri", uri.Uri.OriginalString);
                Text("media_type", uri.MediaType);
                break;
            case HostedFileContent file:
                Text("file_id", file.FileId);
                Text("name", file.Name);
                break;
            case HostedVectorStoreContent store:
                Text("vector_store_id", store.VectorStoreId);
                break;
            case ErrorContent error:
                Text("message", error.Message);
                Text("code", error.ErrorCode);
                Text("details", error.Details);
                break;
        }
    }

    private void Result(object? result)
    {
        switch (result)
        {
            case AIContent content:
                Contents("contents", [content]);
                break;
            case IEnumerable<AIContent> contents:
                Contents("contents", contents);
                break;
            default:
                if (Json(result) is { } json)
                {
                    _writer.WritePropertyName("result");
                    Raw(json);
                }
                else
                {
                    _writer.WriteBoolean(UnreadPrefix + "result", true);
                }

                break;
        }
    }

    /// <summary>A string member; absent when there is none.</summary>
    private void Text(string name, string? text)
    {
        if (text is not null)
        {
            Check(text);
            _writer.WriteString(name, text);
        }
    }

    /// <summary>An object of values that may be anything; those without a JSON form are named beside it.</summary>
    private void Values(string name, IEnumerable<KeyValuePair<string, object?>>? values, bool always = false)
    {
        if (values is null || (!always && !values.Any()))
        {
            return;
        }

        var unread = new List<string>();
        _writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            Check(key);
            if (Json(value) is { } json)
            {
                _writer.WritePropertyName(key);
                Raw(json);
            }
            else
            {
                unread.Add(key);
            }
        }

        _writer.WriteEndObject();
        if (unread.Count > 0)
        {
            _writer.WriteStartArray(UnreadPrefix + name);
            unread.ForEach(_writer.WriteStringValue);
            _writer.WriteEndArray();
        }
    }

    // The strict parser reads the whole document afterwards; an element's own text keeps what it would refuse.
    private void Raw(byte[] json) => _writer.WriteRawValue(json, skipInputValidation: true);

    private byte[]? Json(object? value)
    {
        switch (value)
        {
            case null:
                return [.. "null"u8];
            case string text:
                Check(text);
                return Fault is null ? JsonEdits.Quote(text) : [.. "null"u8];
            case JsonElement { ValueKind: JsonValueKind.Undefined }:
                return null;
            case JsonElement element:
                return System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
        }

        try
        {
            return value is System.Text.Json.Nodes.JsonNode node
                ? System.Text.Encoding.UTF8.GetBytes(node.ToJsonString(AIJsonUtilities.DefaultOptions))
                : JsonSerializer.SerializeToUtf8Bytes(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
        }
        catch (Exception unreadable) when (unreadable is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Check(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]))
            {
                if (!char.IsSurrogatePair(text, at))
                {
                    Fault ??= new JsonFault(Codes.LoneSurrogate, "A string holds half of a surrogate pair.");
                    return;
                }

                at++;
            }
        }
    }
}
