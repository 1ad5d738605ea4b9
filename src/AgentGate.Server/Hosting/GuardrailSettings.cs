using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Guardrails;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Reads guardrails from configuration, in the same words as from files: <c>Policies</c> and <c>Mode</c> as the published list form has
/// them, and under <c>Sets</c> further ones of either form.
/// </summary>
internal static class GuardrailSettings
{
    private const string Section = "AgentGate:Guardrails";

    private static readonly string[] s_own = ["Sets", "Files", "StoreDeadline", "TracksMax"];

    /// <summary>Adds the guardrails of configuration. Every fault is told at the start.</summary>
    public static void Bind(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(Section);
        builder.Services.AddOptions<GuardrailsOptions>().Configure(options => Read(section, options)).ValidateOnStart();
    }

    private static void Read(IConfigurationSection section, GuardrailsOptions options)
    {
        var inline = new JsonObject();
        foreach (var child in section.GetChildren())
        {
            if (!s_own.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                inline[child.Key] = NodeOf(child);
            }
        }

        if (inline.Count > 0)
        {
            options.Add(GuardrailReader.Read(inline, Section, options.ReadFaults), Section);
        }

        foreach (var set in section.GetSection("Sets").GetChildren())
        {
            options.Add(GuardrailReader.Read(NodeOf(set), set.Path, options.ReadFaults), set.Path);
        }

        foreach (var file in section.GetSection("Files").GetChildren())
        {
            if (file.Value is { Length: > 0 } path)
            {
                options.Files.Add(path);
            }
            else
            {
                options.ReadFaults.Add($"{file.Path} must name a file.");
            }
        }

        if (section["StoreDeadline"] is { } deadline)
        {
            if (TimeSpan.TryParse(deadline, CultureInfo.InvariantCulture, out var time))
            {
                options.StoreDeadline = time;
            }
            else
            {
                options.ReadFaults.Add($"{Section}:StoreDeadline must be a time, for example 00:00:01.");
            }
        }

        if (section["TracksMax"] is { } most)
        {
            options.TracksMax = int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        }
    }

    /// <summary>A section as JSON: a list where its keys are numbers from 0 on.</summary>
    private static JsonNode? NodeOf(IConfigurationSection section)
    {
        var children = section.GetChildren().ToArray();
        if (children.Length == 0)
        {
            return section.Value is { } text ? JsonValue.Create(text) : null;
        }

        if (children.All(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return new JsonArray([.. children.Select(NodeOf)]);
        }

        var members = new JsonObject();
        foreach (var child in children)
        {
            members[child.Key] = NodeOf(child);
        }

        return members;
    }
}
