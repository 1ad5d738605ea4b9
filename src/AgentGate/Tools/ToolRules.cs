using AgentGate.Kernel.Decisions;

namespace AgentGate.Tools;

/// <summary>What declarations of tools must be to be used.</summary>
internal static class ToolRules
{
    /// <summary>What is wrong with the declarations, one sentence each; a base must be one that a path can start from.</summary>
    public static IEnumerable<string> Faults(ToolOptions options)
    {
        foreach (var effect in options.Declared.SelectMany(rule => rule.Effects).Concat(options.Arguments.SelectMany(rule => rule.Effects)))
        {
            if (!GateActions.Effects.Contains(effect, StringComparer.Ordinal))
            {
                yield return $"AgentGate:Tools names the effect \"{effect}\"; the effects are {string.Join(", ", GateActions.Effects)}.";
            }
        }

        foreach (var rule in options.Arguments)
        {
            if (rule.Effects.Count > 0 && rule.Kind is ArgumentKind.Sql or ArgumentKind.Html or ArgumentKind.Command)
            {
                yield return $"AgentGate:Tools:Arguments gives \"{rule.Argument}\" effects; what has an effect is a Path, Url, Bucket, Address or a name (Text).";
            }

            if (rule.Base is { } folder && (rule.Kind != ArgumentKind.Path || !IsAbsolute(folder)))
            {
                yield return $"AgentGate:Tools:Arguments gives \"{rule.Argument}\" the base \"{folder}\"; a base is an absolute folder, for an argument of kind Path.";
            }
        }
    }

    private static bool IsAbsolute(string folder)
        => folder.StartsWith('/') || (folder.Length > 2 && char.IsAsciiLetter(folder[0]) && folder[1] == ':' && folder[2] is '/' or '\\');
}
