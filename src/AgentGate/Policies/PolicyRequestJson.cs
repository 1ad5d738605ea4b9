using System.Buffers;
using System.Text.Json;
using AgentGate.Cedar.Entities;

namespace AgentGate.Policies;

/// <summary>
/// One request as a file that <c>agentgate policy eval</c> reads: principal, action, resource and context, with the entities it
/// was judged with. It names what a call acted on, so it is for whoever may read content.
/// </summary>
internal static class PolicyRequestJson
{
    /// <summary>The request, UTF-8: an object with <c>principal</c>, <c>action</c>, <c>resource</c> (each in Cedar syntax) and <c>context</c>.</summary>
    public static byte[] Request(PolicyRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("principal", request.Request.Principal.ToString());
            json.WriteString("action", request.Request.Action.ToString());
            json.WriteString("resource", request.Request.Resource.ToString());
            json.WritePropertyName("context");
            json.WriteRawValue(EntitiesJson.WriteContext(request.Request.Context));
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The entities, UTF-8, as Cedar's entities format.</summary>
    /// <param name="request">The request.</param>
    /// <param name="folded">Whether the names in lower case stand above their entities, as forbids are asked.</param>
    public static byte[] Entities(PolicyRequest request, bool folded = false)
        => EntitiesJson.Write(folded ? request.Folded ?? request.Entities : request.Entities);
}
