using System.Text.Json;

namespace AgentGate.Server.Settings;

/// <summary>Settings to change; the others stay.</summary>
internal sealed record SettingsChange
{
    /// <summary>The new values by name.</summary>
    public required Dictionary<string, JsonElement> Settings { get; init; }
}

/// <summary>A setting of the tenant.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">What it is: a text, a number, or true or false.</param>
/// <param name="UpdatedAt">When somebody changed it; nothing where it is as it came.</param>
/// <param name="InForce">Whether anything obeys it yet.</param>
/// <param name="Note">What it does, or what it will.</param>
internal sealed record SettingEntry(string Key, JsonElement Value, DateTimeOffset? UpdatedAt, bool InForce, string Note);
