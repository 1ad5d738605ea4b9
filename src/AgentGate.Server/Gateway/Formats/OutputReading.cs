using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>Reads what a request lets a model produce, and what of its cost the request's own length does not bound. Checks no amounts.</summary>
internal static class OutputReading
{
    /// <summary>The word for a prompt that the provider holds part of.</summary>
    public const string Context = "context";

    /// <summary>More answers than any provider gives to one request.</summary>
    private const int ChoicesMax = 128;

    /// <summary>
    /// Members of servers that speak like a provider: some go before the bound that is written into the request, some
    /// multiply the answers.
    /// </summary>
    private static readonly string[] s_boundsElsewhere =
    [
        "best_of", "n_predict", "num_predict", "num_return_sequences", "max_new_tokens", "use_beam_search",
        "extra_body", "options",
    ];

    /// <summary>Members by which servers that speak like a provider let another model answer, or a tool of theirs act: a target that no permit covers.</summary>
    private static readonly string[] s_reroutes = ["models", "fallbacks", "plugins"];

    public static void ReadChat(RequestReading request)
    {
        var tree = request.Tree;
        var flag = tree.Find(tree.Find(0, "stream_options"), "include_usage");
        Read(request, ["max_completion_tokens", "max_tokens"], demand => demand with
        {
            Choices = Choices(request),
            Member = "max_completion_tokens",
            LegacyMember = "max_tokens",
            UsageFlag = request.Stream && !tree.IsTrue(flag) ? ("stream_options", "include_usage") : null,
        });
    }

    public static void ReadResponses(RequestReading request)
        => Read(request, ["max_output_tokens"], demand => demand with { Member = "max_output_tokens" });

    public static void ReadMessages(RequestReading request)
        => Read(request, ["max_tokens"], demand => demand with
        {
            Member = "max_tokens",
            TokensMin = (Whole(request, request.Tree.Find(0, "thinking"), "budget_tokens") ?? -1) + 1,
        });

    /// <summary>Whether an event of a stream says nothing but what was consumed.</summary>
    public static bool IsUsageAlone(JsonTree tree)
        => tree.IsArray(tree.Find(0, "choices")) && !tree.Elements(tree.Find(0, "choices")).Any() && tree.IsObject(tree.Find(0, "usage"));

    private static void Read(RequestReading request, ImmutableArray<string> names, Func<OutputDemand, OutputDemand> complete)
    {
        if (Array.Find(s_reroutes, name => !request.Tree.IsNullOrAbsent(request.Tree.Find(0, name))) is { } elsewhere)
        {
            request.Document.Refuse(
                Codes.InvalidField, $"The field \"{elsewhere}\" lets something else answer than the model that is asked; leave it out and make a call of its own.");
        }

        var members = names.RemoveAll(name => request.Tree.IsNullOrAbsent(request.Tree.Find(0, name)));
        var most = members.Select(name => Whole(request, 0, name)).Max();
        request.Output = complete(new OutputDemand { TokensMax = most, Members = members, Unbounded = [.. Unbounded(request).Distinct().Order(StringComparer.Ordinal)] });
    }

    private static int Choices(RequestReading request)
    {
        var count = Whole(request, 0, "n") ?? 1;
        request.Document.Expect(count is >= 1 and <= ChoicesMax, "n", string.Create(CultureInfo.InvariantCulture, $"from 1 to {ChoicesMax}"));
        return (int)Math.Clamp(count, 1, ChoicesMax);
    }

    private static long? Whole(RequestReading request, int obj, string name)
    {
        var tree = request.Tree;
        var node = tree.Find(obj, name);
        if (tree.IsNullOrAbsent(node))
        {
            return null;
        }

        var number = 0L;
        request.Document.Expect(
            tree[node].Type == JsonTokenType.Number
                && long.TryParse(tree.Raw(node), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 0 and <= int.MaxValue,
            name,
            "a whole number");
        return number;
    }

    /// <summary>What costs more than tokens at the price of tokens, and what the provider adds to the prompt.</summary>
    private static IEnumerable<string> Unbounded(RequestReading request)
    {
        var tree = request.Tree;
        if (request.PreviousResponseId is not null || request.AlsoRequires.Any(also => also.Action == GateActions.FetchContent))
        {
            yield return Context;
        }

        if (request.AlsoRequires.Any(also => also.Action == GateActions.UseProviderTool))
        {
            yield return "provider_tool";
        }

        // A prediction that is not met is charged as output, and providers bound it by nothing else.
        if (!tree.IsNullOrAbsent(tree.Find(0, "prediction")))
        {
            yield return "prediction";
        }

        if (tree.Find(0, "service_tier") is var tier && !tree.IsNullOrAbsent(tier)
            && !(tree.TextIs(tier, "auto") || tree.TextIs(tier, "default") || tree.TextIs(tier, "flex") || tree.TextIs(tier, "standard_only")))
        {
            yield return "service_tier";
        }

        if (s_boundsElsewhere.Any(name => !tree.IsNullOrAbsent(tree.Find(0, name))))
        {
            yield return "other_bound";
        }

        if (!tree.IsNullOrAbsent(tree.Find(0, "speed")) || !tree.IsNullOrAbsent(tree.Find(0, "inference_geo")))
        {
            yield return "surcharge";
        }
    }
}
