using System.Text.Json.Serialization;

namespace AgentGate.Client.Deception;

/// <summary>Asks for a honey token (<c>POST /api/security/honey-tokens</c>).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class HoneyTokenRequest
{
    /// <summary><c>TOOL</c>, <c>RESOURCE</c>, <c>CREDENTIAL</c> or <c>DATA_STORE</c>. Required.</summary>
    public string? TokenType { get; init; }

    /// <summary>What it is called; of a tool, the tool's name. Required.</summary>
    public string? Name { get; init; }

    /// <summary>What its operators should know about it.</summary>
    public string? Description { get; init; }

    /// <summary>Which resources and targets it covers; <c>*</c> stands for any text.</summary>
    public string? ResourcePattern { get; init; }

    /// <summary>A text that must not appear in any call. Given once, never shown again.</summary>
    public string? Value { get; init; }
}
