namespace AgentGate.Providers;

/// <summary>The wire formats of the model routes.</summary>
internal enum WireFormat
{
    OpenAIChat,
    OpenAIResponses,
    OpenAIEmbeddings,
    AnthropicMessages,
    AnthropicCountTokens,
}
