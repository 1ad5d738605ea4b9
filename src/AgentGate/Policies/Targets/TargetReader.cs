using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Targets;

/// <summary>
/// Finds the targets in the arguments of a tool call: what configuration declares to be a resource, in its normal form. An
/// argument that cannot be read as what it is declared to be denies the call, since nobody could say what a policy means by it.
/// </summary>
internal static class TargetReader
{
    /// <summary>The most requests of one call: each is asked by itself.</summary>
    private const int RequestsMax = 256;

    /// <summary>Reads the targets of a call.</summary>
    /// <param name="call">The call of a tool.</param>
    /// <param name="declared">What is declared of the tool's arguments.</param>
    /// <param name="restores">Whether the tool will get values in place of tokens.</param>
    /// <param name="requests">What is asked of the policies beside the call itself.</param>
    /// <returns>The argument that cannot be read and why, or <see langword="null"/>.</returns>
    public static (string Argument, string Fault)? Read(
        GateCall call, IReadOnlyList<ToolArgument> declared, bool restores, out ImmutableArray<TargetRequest> requests)
    {
        requests = [];
        if (!declared.Any(static argument => argument.Effects.Count > 0))
        {
            return null;
        }

        if ((Unreachable(call, declared) ?? OtherValue(call, declared)) is { } other)
        {
            return other;
        }

        var found = ImmutableArray.CreateBuilder<TargetRequest>();
        foreach (ref readonly var segment in call.Content.Segments)
        {
            var address = call.ArgumentAddress(segment.Index);
            foreach (var argument in declared)
            {
                if (argument.Effects.Count == 0 || !argument.Covers(address, ignoreCase: true))
                {
                    continue;
                }

                if (Unfit(argument, segment, address) is { } unfit)
                {
                    return (argument.Name, unfit);
                }

                if (segment.Kind == SegmentKind.Key)
                {
                    continue;
                }

                var reading = Read(argument, segment.Text.ToString(), restores);
                if (reading.Fault is { } fault)
                {
                    return (argument.Name, fault);
                }

                if (found.Count > RequestsMax)
                {
                    return (argument.Name, $"the call names more than {RequestsMax} targets; call the tool more often, with fewer");
                }

                foreach (var target in reading.Targets)
                {
                    found.AddRange(argument.Effects.Select(effect => new TargetRequest(effect, target, argument.Name)));
                }
            }
        }

        requests = found.DrainToImmutable();
        return null;
    }

    /// <summary>A target is a string, or each string of a list; an object inside has no one reading, nor has JSON inside of a string.</summary>
    private static string? Unfit(ToolArgument argument, in Segment segment, string address) => segment.Kind switch
    {
        SegmentKind.Text when address.Contains('#', StringComparison.Ordinal) => "it is a text that holds JSON",
        SegmentKind.Text => null,
        SegmentKind.Key when argument.HoldsInside(address, ignoreCase: true) => "it is an object",
        SegmentKind.Key => null,
        _ => "it is no text",
    };

    /// <summary>
    /// Arguments in which no name can be looked up: a list or a text in place of an object, which some tools read as one
    /// all the same, and values that have no JSON form.
    /// </summary>
    private static (string Argument, string Fault)? Unreachable(GateCall call, IReadOnlyList<ToolArgument> declared)
    {
        var name = declared.First(static argument => argument.Effects.Count > 0).Name;
        if (!call.Content.UnreadKinds.IsDefaultOrEmpty)
        {
            return (name, "a value of the call cannot be read");
        }

        // What is not JSON at all is refused as that.
        if (call.Content is not JsonContent { Tree: var tree } || call.Context.Tool is { ArgumentsAreValid: false })
        {
            return null;
        }

        var root = call.ArgumentsAt.Length == 0 ? 0 : tree.Find(0, call.ArgumentsAt.AsSpan(1));
        return tree.IsObject(root) || tree.IsNullOrAbsent(root) || declared.Any(static argument => argument.Effects.Count > 0 && argument.Name == "*")
            ? null
            : (name, "the arguments are no object");
    }

    /// <summary>Numbers and booleans are no segments unless they are long; where a target is declared they are no target either.</summary>
    private static (string Argument, string Fault)? OtherValue(GateCall call, IReadOnlyList<ToolArgument> declared)
    {
        if (call.Content is not JsonContent { Tree: var tree })
        {
            return null;
        }

        for (var node = 0; node < tree.Count; node++)
        {
            if (tree[node].Type is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
            {
                continue;
            }

            var pointer = tree.PointerOf(node);
            if (!pointer.StartsWith(call.ArgumentsAt, StringComparison.Ordinal))
            {
                continue;
            }

            pointer = pointer[call.ArgumentsAt.Length..];
            if (declared.FirstOrDefault(argument => argument.Effects.Count > 0 && argument.Covers(pointer, ignoreCase: true)) is { } covering)
            {
                return (covering.Name, "it is no text");
            }
        }

        return null;
    }

    private static TargetReading Read(ToolArgument argument, string text, bool restores)
    {
        if (argument.IsBase64)
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length))
            {
                return TargetReading.No("it is declared to be base64 and is not");
            }

            try
            {
                text = s_strict.GetString(bytes, 0, length);
            }
            catch (DecoderFallbackException)
            {
                return TargetReading.No("its base64 holds no text");
            }
        }

        // A value put back in place of a token could lead elsewhere, after everything was decided.
        if (restores && argument.Kind != ArgumentKind.Text && text.Contains('<', StringComparison.Ordinal))
        {
            return TargetReading.No("it holds a token, which would become something else");
        }

        return argument.Kind switch
        {
            ArgumentKind.Path => PathTarget.Read(text, argument.Base),
            ArgumentKind.Url => UrlTarget.Read(text),
            ArgumentKind.Bucket => BucketTarget.Read(text),
            ArgumentKind.Address => AddressTarget.Read(text),
            ArgumentKind.Text => ItemTarget.Read(text),
            _ => TargetReading.No($"an argument of kind {argument.Kind} cannot be a resource"),
        };
    }

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
}
