using System.Text.RegularExpressions;

namespace AgentGate.Benchmarks.Differential;

/// <summary>In what two engines differ, or an engine from itself.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Detail">Both words, for a person.</param>
internal sealed partial record Difference(string Kind, string Detail)
{
    /// <summary>The first difference, or <see langword="null"/>.</summary>
    public static Difference? Between(DifferentialCase asked, EngineAnswer ours, EngineAnswer official, string? roundTrip)
    {
        if ((ours.Crash ?? official.Crash) is { } crash)
        {
            return new Difference("crash", crash);
        }

        if (ours.Schema is null != official.Schema is null)
        {
            return new Difference("schema", $"ours: {ours.Schema ?? "accepted"}\n  official: {official.Schema ?? "accepted"}");
        }

        for (var i = 0; i < asked.Policies.Length && i < official.Json.Length; i++)
        {
            // Longer integers are not what they were when they come out of JavaScript.
            if (!LongNumber().IsMatch(asked.Policies[i].ToString()) && ours.Json[i] != official.Json[i])
            {
                return new Difference("json", $"{asked.Policies[i]}\n  ours: {ours.Json[i] ?? "does not parse"}\n  official: {official.Json[i] ?? "does not parse"}");
            }
        }

        if (ours.Parse is null != official.Parse is null)
        {
            return new Difference("parse", $"ours: {ours.Parse ?? "accepted"}\n  official: {official.Parse ?? "accepted"}");
        }

        if (roundTrip is not null)
        {
            return new Difference("round trip", roundTrip);
        }

        foreach (var (mine, theirs, kind) in new[] { (ours.Invalid, official.Invalid, "validation"), (ours.Inapplicable, official.Inapplicable, "applicability") })
        {
            if (mine is not null && theirs is not null && !mine.SetEquals(theirs))
            {
                return new Difference(kind, $"ours: [{string.Join(", ", mine)}] {ours.Validation}\n  official: [{string.Join(", ", theirs)}] {official.Validation}");
            }
        }

        for (var i = 0; i < official.Requests.Length; i++)
        {
            var (mine, theirs) = (ours.Requests[i], official.Requests[i]);
            if (mine.Failure is null != theirs.Failure is null)
            {
                return new Difference("refusal", $"ours: {mine.Failure ?? "answered"}\n  official: {theirs.Failure ?? "answered"}");
            }

            var kind = mine.Allows != theirs.Allows ? "decision" : !mine.Reasons.SetEquals(theirs.Reasons) ? "reasons" : !mine.Errors.SetEquals(theirs.Errors) ? "errors" : null;
            if (kind is not null)
            {
                return new Difference(kind, $"request {i}: {asked.Requests[i].ToJsonString()}\n  ours: {Show(mine)}\n  official: {Show(theirs)}");
            }
        }

        return null;
    }

    private static string Show(EngineAnswer.RequestAnswer answer)
        => $"{(answer.Allows ? "allow" : "deny")}, reasons [{string.Join(", ", answer.Reasons)}], errors [{string.Join(", ", answer.Errors)}] {answer.Detail}";

    [GeneratedRegex("[0-9]{16}")]
    private static partial Regex LongNumber();
}
