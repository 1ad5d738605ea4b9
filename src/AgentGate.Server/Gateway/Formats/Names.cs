using System.Collections.Frozen;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>
/// The member names each format knows, wherever its objects hold them. A name that differs from one of them only by case
/// is refused, since a party that reads names without case would take it for the other.
/// </summary>
internal static class Names
{
    public static FrozenSet<string> Chat { get; } = Set(
        "model", "messages", "tools", "tool_choice", "functions", "function_call", "response_format", "stream", "stream_options", "metadata",
        "user", "safety_identifier", "prompt_cache_key", "stop", "prediction", "modalities", "audio", "web_search_options", "n", "temperature",
        "top_p", "max_tokens", "max_completion_tokens", "store", "seed", "logprobs", "top_logprobs", "logit_bias", "parallel_tool_calls",
        "presence_penalty", "frequency_penalty", "reasoning_effort", "service_tier", "verbosity", "prompt", "input",
        "role", "content", "name", "tool_calls", "tool_call_id", "refusal", "id", "type", "text", "index",
        "image_url", "url", "detail", "input_audio", "data", "format", "file", "file_id", "file_data", "filename",
        "function", "custom", "arguments", "description", "parameters", "strict", "grammar", "definition", "syntax",
        "allowed_tools", "mode", "json_schema", "schema", "voice", "include_usage", "search_context_size", "user_location", "approximate");

    public static FrozenSet<string> Responses { get; } = Set(
        "model", "input", "instructions", "tools", "tool_choice", "stream", "stream_options", "metadata", "user", "safety_identifier",
        "prompt_cache_key", "previous_response_id", "conversation", "prompt", "background", "store", "text", "include", "reasoning",
        "temperature", "top_p", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "truncation", "service_tier", "top_logprobs",
        "type", "role", "content", "id", "status", "name", "arguments", "call_id", "output", "summary", "encrypted_content", "phase",
        "action", "operation", "image_url", "file_id", "file_url", "file_data", "filename", "detail", "refusal", "annotations", "logprobs",
        "input_audio", "data", "format", "description", "parameters", "strict", "grammar", "definition", "syntax", "mode", "schema",
        "server_label", "server_url", "connector_id", "authorization", "headers", "allowed_tools", "require_approval", "container", "file_ids",
        "vector_store_ids", "environment", "variables", "version", "effort");

    public static FrozenSet<string> Messages { get; } = Set(
        "model", "messages", "system", "max_tokens", "metadata", "stop_sequences", "stream", "temperature", "thinking", "tool_choice", "tools",
        "top_k", "top_p", "mcp_servers", "container", "service_tier", "context_management", "output_config", "output_format",
        "role", "content", "type", "text", "source", "id", "name", "input", "tool_use_id", "is_error", "signature", "data", "title",
        "context", "citations", "cache_control", "url", "file_id", "media_type", "description", "input_schema", "strict", "schema", "format",
        "disable_parallel_tool_use", "budget_tokens", "skills", "skill_id", "version", "authorization_token", "tool_configuration", "allowed_tools",
        "enabled", "edits", "ttl", "prompt");

    public static FrozenSet<string> Embeddings { get; } = Set("model", "input", "encoding_format", "dimensions", "user", "prompt");

    /// <summary>What an answer of the format holds beside what its requests do, whole or as events.</summary>
    public static FrozenSet<string> ChatAnswer { get; } = With(
        Chat, "choices", "message", "delta", "finish_reason", "usage", "error", "object", "created", "system_fingerprint", "reasoning_content");

    /// <inheritdoc cref="ChatAnswer" />
    public static FrozenSet<string> ResponsesAnswer { get; } = With(
        Responses, "response", "item", "item_id", "output_index", "content_index", "summary_index", "sequence_number", "delta", "part",
        "partial_image_b64", "usage", "error", "object", "created_at", "incomplete_details");

    /// <inheritdoc cref="ChatAnswer" />
    public static FrozenSet<string> MessagesAnswer { get; } = With(
        Messages, "message", "index", "content_block", "delta", "partial_json", "stop_reason", "stop_sequence", "usage", "error");

    /// <summary>Members whose values are the caller's or the model's own: there <c>a</c> and <c>A</c> are two names.</summary>
    public static FrozenSet<string> FreeForm { get; } = Set(
        "metadata", "parameters", "input_schema", "schema", "arguments", "action", "operation", "variables", "headers", "logit_bias", "logprobs");

    /// <summary>The same for formats whose <c>input</c> is that of a tool.</summary>
    public static FrozenSet<string> FreeFormWithInput { get; } = With(FreeForm, "input");

    /// <summary>Members an answer lies in, whatever the format: no error document holds one, in any case.</summary>
    public static FrozenSet<string> Answering { get; } = Set(
        "choices", "message", "messages", "delta", "output", "content", "tool_calls", "function_call", "response", "item", "items", "data");

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static FrozenSet<string> With(FrozenSet<string> names, params string[] more) => Set([.. names, .. more]);
}
