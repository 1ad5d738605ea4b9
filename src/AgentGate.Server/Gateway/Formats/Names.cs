using System.Collections.Frozen;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>The member names each format knows. A name that differs from one of them only by case is refused.</summary>
internal static class Names
{
    public static FrozenSet<string> Chat { get; } = Set(
        "model", "messages", "tools", "tool_choice", "functions", "function_call", "response_format", "stream", "stream_options", "metadata",
        "user", "safety_identifier", "prompt_cache_key", "stop", "prediction", "modalities", "audio", "web_search_options", "n", "temperature",
        "top_p", "max_tokens", "max_completion_tokens", "store", "seed", "logprobs", "top_logprobs", "logit_bias", "parallel_tool_calls",
        "presence_penalty", "frequency_penalty", "reasoning_effort", "service_tier", "verbosity", "prompt", "input");

    public static FrozenSet<string> ChatMessage { get; } = Set(
        "role", "content", "name", "tool_calls", "tool_call_id", "function_call", "refusal", "audio");

    public static FrozenSet<string> ChatPart { get; } = Set("type", "text", "image_url", "input_audio", "file", "refusal");

    public static FrozenSet<string> ChatToolCall { get; } = Set("id", "type", "function", "custom", "index", "name", "arguments", "input");

    public static FrozenSet<string> Responses { get; } = Set(
        "model", "input", "instructions", "tools", "tool_choice", "stream", "stream_options", "metadata", "user", "safety_identifier",
        "prompt_cache_key", "previous_response_id", "conversation", "prompt", "background", "store", "text", "include", "reasoning",
        "temperature", "top_p", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "truncation", "service_tier", "top_logprobs");

    public static FrozenSet<string> ResponsesItem { get; } = Set(
        "type", "role", "content", "id", "status", "name", "arguments", "call_id", "output", "input", "summary", "encrypted_content", "phase");

    public static FrozenSet<string> ResponsesPart { get; } = Set(
        "type", "text", "image_url", "file_id", "file_url", "file_data", "filename", "detail", "refusal", "annotations", "logprobs", "input_audio");

    public static FrozenSet<string> Messages { get; } = Set(
        "model", "messages", "system", "max_tokens", "metadata", "stop_sequences", "stream", "temperature", "thinking", "tool_choice", "tools",
        "top_k", "top_p", "mcp_servers", "container", "service_tier", "context_management", "output_config", "output_format");

    public static FrozenSet<string> MessagesMessage { get; } = Set("role", "content");

    public static FrozenSet<string> MessagesBlock { get; } = Set(
        "type", "text", "source", "id", "name", "input", "tool_use_id", "content", "is_error", "thinking", "signature", "data", "title",
        "context", "citations", "cache_control");

    public static FrozenSet<string> Embeddings { get; } = Set("model", "input", "encoding_format", "dimensions", "user");

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
