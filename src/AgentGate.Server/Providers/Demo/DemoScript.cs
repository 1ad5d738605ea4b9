using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>Decides what the demo model answers: an echo, unless lines of the last user message begin with a command.</summary>
/// <remarks>
/// <c>/say TEXT</c>, <c>/tool NAME {json}</c>, <c>/thinking TEXT</c>, <c>/image</c>, <c>/recall</c> add parts in their order;
/// <c>/slow MS</c>, <c>/fail</c>, <c>/fail-midway</c>, <c>/status N</c> change how the answer comes.
/// </remarks>
internal static class DemoScript
{
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMinutes(1);

    public static DemoAnswer Answer(DemoPrompt prompt)
    {
        if (!prompt.ToolResults.IsEmpty)
        {
            return new DemoAnswer { Parts = [new DemoPart.Text("Tool said: " + string.Join('\n', prompt.ToolResults))] };
        }

        var text = prompt.UserTexts.IsEmpty ? string.Empty : prompt.UserTexts[^1];
        var answer = new DemoAnswer();
        var plain = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (Command(answer, line.TrimEnd('\r'), prompt) is { } next)
            {
                answer = next;
            }
            else
            {
                plain.Add(line);
            }
        }

        // Something is always said: what was not a command, or everything when that is nothing.
        return answer.Parts.IsEmpty
            ? answer with { Parts = [new DemoPart.Text("You said: " + (plain.Count > 0 ? string.Join('\n', plain) : text))] }
            : answer with { Parts = Joined(answer.Parts) };
    }

    private static DemoAnswer? Command(DemoAnswer answer, string line, DemoPrompt prompt)
    {
        if (!line.StartsWith('/'))
        {
            return null;
        }

        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (name, rest) = space < 0 ? (line, string.Empty) : (line[..space], line[(space + 1)..]);
        return name switch
        {
            "/say" => Add(new DemoPart.Text(rest)),
            "/tool" => Add(Tool(rest)),
            "/thinking" => Add(new DemoPart.Thinking(rest)),
            "/image" => Add(new DemoPart.Image()),
            "/recall" => Add(new DemoPart.Text("Before, you said: " + string.Join(" | ", prompt.UserTexts.SkipLast(1)))),
            "/slow" when Number(rest, (int)s_pauseMax.TotalMilliseconds) is { } ms => answer with { Pause = TimeSpan.FromMilliseconds(ms) },
            "/fail" => answer with { ErrorStatus = 500 },
            "/status" when Number(rest, 599) is >= 300 and var status => answer with { ErrorStatus = status },
            "/fail-midway" => answer with { BreaksMidway = true },
            _ => null,
        };

        DemoAnswer Add(DemoPart part) => answer with { Parts = answer.Parts.Add(part) };
    }

    private static int? Number(string text, int max)
        => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max ? number : null;

    // Arguments are always a JSON object, as a real model's are; what is not one is wrapped.
    private static DemoPart.ToolCall Tool(string rest)
    {
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        var (name, arguments) = space < 0 ? (rest, string.Empty) : (rest[..space], rest[(space + 1)..].Trim());
        if (arguments.Length == 0)
        {
            return new DemoPart.ToolCall(name, "{}");
        }

        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new DemoPart.ToolCall(name, arguments);
            }
        }
        catch (JsonException)
        {
            // Falls through to the wrapped form.
        }

        return new DemoPart.ToolCall(name, DemoText.Text(new JsonObject { ["input"] = arguments }));
    }

    private static ImmutableArray<DemoPart> Joined(ImmutableArray<DemoPart> parts)
    {
        var joined = new List<DemoPart>();
        foreach (var part in parts)
        {
            if (part is DemoPart.Text text && joined.LastOrDefault() is DemoPart.Text before)
            {
                joined[^1] = new DemoPart.Text(before.Value + "\n" + text.Value);
            }
            else
            {
                joined.Add(part);
            }
        }

        return [.. joined];
    }
}
