using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>The words this door has for the kinds of content.</summary>
internal static class ChatContentTypes
{
    public const string Text = "text";
    public const string Reasoning = "reasoning";
    public const string Call = "function_call";
    public const string Result = "function_result";
    public const string Image = "image";
    public const string Audio = "audio";
    public const string File = "file";
    public const string Uri = "uri";
    public const string HostedFile = "hosted_file";
    public const string VectorStore = "vector_store";
    public const string Error = "error";
    public const string Usage = "usage";
    public const string Other = "other";

    /// <summary>The word for a content; a kind this door does not know is <see cref="Other"/>.</summary>
    public static string Of(AIContent content) => content switch
    {
        TextContent => Text,
        TextReasoningContent => Reasoning,
        FunctionCallContent => Call,
        FunctionResultContent => Result,
        DataContent data => OfMedia(data.MediaType),
        UriContent { Uri.Scheme: "data" } uri => OfMedia(uri.MediaType),
        UriContent => Uri,
        HostedFileContent => HostedFile,
        HostedVectorStoreContent => VectorStore,
        ErrorContent => Error,
        UsageContent => Usage,
        _ => Other,
    };

    /// <summary>The kind of a media type: image, audio or file.</summary>
    public static string OfMedia(ReadOnlySpan<char> mediaType)
        => mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? Image
            : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? Audio
            : File;
}
