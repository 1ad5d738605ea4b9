using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

internal sealed partial class ChatDocument
{
    private void Options(ChatOptions? options)
    {
        if (options is null)
        {
            return;
        }

        Text("conversation", options.ConversationId);
        Text("instructions", options.Instructions);
        Tools(options.Tools);
        if (options.ToolMode is RequiredChatToolMode required)
        {
            // The name of the member is the one a content drops together with the last tool.
            _writer.WriteStartObject("tool_choice");
            Text("name", required.RequiredFunctionName);
            _writer.WriteEndObject();
        }

        Format(options.ResponseFormat);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            _writer.WriteStartArray("stop");
            foreach (var stop in stops)
            {
                Check(stop);
                _writer.WriteStringValue(stop);
            }

            _writer.WriteEndArray();
        }

        if (options.Seed is { } seed)
        {
            _writer.WriteNumber("seed", seed);
        }

        if (options.MaxOutputTokens is { } limit)
        {
            _writer.WriteNumber(ChatOutput.Member, limit);
        }

        if (options.RawRepresentationFactory is not null)
        {
            _writer.WriteBoolean(UnreadPrefix + "request", true);
        }

        Values("properties", options.AdditionalProperties);
    }

    private void Tools(IEnumerable<AITool>? tools)
    {
        if (tools is null || !tools.Any())
        {
            return;
        }

        _writer.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            _writer.WriteStartObject();
            Text("type", tool is AIFunctionDeclaration ? "function" : "hosted");
            Text("name", tool.Name);
            Text("description", tool.Description);
            switch (tool)
            {
                case AIFunctionDeclaration function:
                    Element("parameters", function.JsonSchema);
                    Element("returns", function.ReturnJsonSchema);
                    break;
                case HostedMcpServerTool server:
                    Text("server_name", server.ServerName);
                    Text("server_address", server.ServerAddress);
                    Text("server_description", server.ServerDescription);
                    break;
            }

            Values("properties", tool.AdditionalProperties);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void Format(ChatResponseFormat? format)
    {
        if (format is ChatResponseFormatJson json)
        {
            _writer.WriteStartObject("response_format");
            Text("name", json.SchemaName);
            Text("description", json.SchemaDescription);
            Element("schema", json.Schema);
            _writer.WriteEndObject();
        }
    }

    private void Element(string name, JsonElement? element)
    {
        if (element is { ValueKind: not JsonValueKind.Undefined })
        {
            _writer.WritePropertyName(name);
            Raw(Json(element)!);
        }
    }
}
