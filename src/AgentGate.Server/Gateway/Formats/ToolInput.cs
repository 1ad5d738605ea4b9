using System.Text;
using AgentGate.Chat;
using AgentGate.Content;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>The input of a tool call: a string by the protocols, but some servers send the JSON itself, and it is judged as what it is.</summary>
internal static class ToolInput
{
    /// <summary>The call as proposed.</summary>
    /// <param name="tree">The answer.</param>
    /// <param name="name">The tool.</param>
    /// <param name="input">The node of the input, or -1.</param>
    /// <param name="isJson">Whether the input is JSON by the protocol, should it be a string.</param>
    /// <param name="declared">The tools of the request.</param>
    public static ProposedToolCall Propose(JsonTree tree, string name, int input, bool isJson, IReadOnlySet<string> declared)
        => new(name, Text(tree, input), isJson || IsRaw(tree, input), declared.Contains(name));

    /// <summary>Whether the input is something other than a string.</summary>
    public static bool IsRaw(JsonTree tree, int input) => !tree.IsNullOrAbsent(input) && !tree.IsString(input);

    /// <summary>The input as it is judged.</summary>
    public static string Text(JsonTree tree, int input)
        => tree.IsNullOrAbsent(input) ? "" : tree.IsString(input) ? tree.TextSpan(input).ToString() : Encoding.UTF8.GetString(tree.Raw(input));

    /// <summary>Writes a released input where it differs from the proposed one, in the form it came in.</summary>
    public static void Set(JsonTree tree, JsonEdits edits, int input, string proposed, string released)
    {
        if (input < 0 || proposed == released)
        {
            return;
        }

        if (tree.IsString(input))
        {
            edits.ReplaceText(input, released);
        }
        else
        {
            edits.Replace(input, Encoding.UTF8.GetBytes(released));
        }
    }
}
