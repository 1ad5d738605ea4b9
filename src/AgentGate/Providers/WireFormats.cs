namespace AgentGate.Providers;

/// <summary>What each wire format is called, which route carries it and who speaks it.</summary>
internal static class WireFormats
{
    public static IReadOnlyList<WireFormat> All { get; } = Enum.GetValues<WireFormat>();

    /// <summary>The name of the format, which is the door's name in calls and records.</summary>
    public static string Name(this WireFormat format) => format switch
    {
        WireFormat.OpenAIChat => "openai.chat",
        WireFormat.OpenAIResponses => "openai.responses",
        WireFormat.OpenAIEmbeddings => "openai.embeddings",
        WireFormat.AnthropicMessages => "anthropic.messages",
        WireFormat.AnthropicCountTokens => "anthropic.count_tokens",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The route of the format, as callers know it.</summary>
    public static string Route(this WireFormat format) => format switch
    {
        WireFormat.OpenAIChat => "/v1/chat/completions",
        WireFormat.OpenAIResponses => "/v1/responses",
        WireFormat.OpenAIEmbeddings => "/v1/embeddings",
        WireFormat.AnthropicMessages => "/v1/messages",
        WireFormat.AnthropicCountTokens => "/v1/messages/count_tokens",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    public static bool IsAnthropic(this WireFormat format)
        => format is WireFormat.AnthropicMessages or WireFormat.AnthropicCountTokens;

    public static bool Speaks(this ProviderKind kind, WireFormat format) => kind switch
    {
        ProviderKind.Demo => true,
        ProviderKind.Anthropic => format.IsAnthropic(),
        ProviderKind.OpenAI => !format.IsAnthropic(),
        _ => false,
    };
}
