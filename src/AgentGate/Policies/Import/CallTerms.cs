using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Policies.Import;

/// <summary>What 1.0 called action, resource, role, address and endpoint, in the words of the published schema.</summary>
/// <remarks>
/// A permit is translated to match no more than it did, a forbid to match no less: permits compare exact ids, forbids compare
/// keys, which are lower case. <c>wide</c> says which.
/// </remarks>
internal static class CallTerms
{
    /// <summary>What a reader of a rule about roles must know: in 1.0 the caller said its role.</summary>
    public const string RolesAreRecords =
        "Roles come from the server's own records and never from the caller; a principal without one there has none, so look that yours have theirs.";

    /// <summary>What 1.0 did not have and therefore nothing of it permits: it happens out of the gate's sight, or hands out real values.</summary>
    private static readonly ImmutableArray<string> NotIn10 = [GateActions.UseProviderTool, GateActions.FetchContent, GateActions.RestoreValues];

    /// <summary>The route below which each door lies, for rules about endpoints.</summary>
    private static readonly ImmutableArray<(string Path, string Door)> Doors =
    [
        ("/v1/chat/completions", "openai.chat"),
        ("/v1/responses", "openai.responses"),
        ("/v1/embeddings", "openai.embeddings"),
        ("/v1/messages", "anthropic.messages"),
        ("/v1/messages/count_tokens", "anthropic.count_tokens"),
        ("/v1/models", "models"),
        ("/api/policies", "api.policies"),
    ];

    /// <summary>The actions of a tool call: calling it, and what it does to the targets it declares.</summary>
    public static ActionConstraint ToolActions { get; } =
        new ActionConstraint.In([PolicyNames.Action(GateActions.CallTool), .. GateActions.Effects.Select(PolicyNames.Action)], IsList: true);

    /// <summary>Whether the request is part of a tool call; the groups in <see cref="ToolActions"/> hold other actions too.</summary>
    public static Expr IsToolCall { get; } = Terms.Any(Terms.Is(Terms.Resource, EntityRef.ToolType), Terms.Has(Terms.Context, "tool"));

    /// <summary>Actions no permit of 1.0 could have meant.</summary>
    public static Expr IsNewAction { get; } = Terms.Binary(
        BinaryOperator.In,
        new Expr.Variable(RequestVariable.Action),
        Terms.Set(NotIn10.Select(action => Terms.Value(PolicyNames.Action(action)))));

    /// <summary>An action of 1.0: what a tool does, one of the published actions, or the name of a tool.</summary>
    public static Expr HasAction(string name, bool wide)
    {
        var lower = name.ToLowerInvariant();
        if (GateActions.Effects.Contains(lower))
        {
            // A permit for reading is not one for a tool that reads and deletes.
            var effects = Terms.Get(Terms.Resource, "effects");
            var does = wide ? Terms.Contains(effects, Terms.Value(lower)) : Terms.Equal(effects, Terms.Set([Terms.Value(lower)]));
            return Terms.Any(IsAction(lower), Terms.All(IsAction(GateActions.CallTool), Terms.Is(Terms.Resource, EntityRef.ToolType), does), IsTool(name, wide));
        }

        return GateActions.All.FirstOrDefault(action => action.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } published
            ? IsAction(published)
            : IsTool(name, wide);
    }

    /// <summary>A call of this tool, or what it does to one of its targets. A final star stands for any ending where <paramref name="wide"/>.</summary>
    public static Expr IsTool(string name, bool wide) => OfTool(tool => ToolNamed(tool, name, wide));

    /// <summary>A statement about the tool of a call, wherever the request has it.</summary>
    public static Expr OfTool(Func<Expr, Expr> says) => Terms.Any(
        Terms.All(IsAction(GateActions.CallTool), Terms.Is(Terms.Resource, EntityRef.ToolType), says(Terms.Resource)),
        Terms.All(Terms.Has(Terms.Context, "tool"), says(Terms.Get(Terms.Context, "tool"))));

    /// <summary>A resource of 1.0: exact, or a prefix with a final star.</summary>
    public static Expr HasResource(string pattern, bool wide)
    {
        var normal = ResourcePattern.Normalise(pattern);
        var subject = Terms.Get(Terms.Resource, wide ? "key" : "id");
        var text = wide ? Spelling.Fold(normal) : normal;
        if (!text.EndsWith('*'))
        {
            return Terms.Equal(subject, Terms.Value(text));
        }

        var prefix = text[..^1];
        var below = Terms.Like(subject, prefix, "");

        // What lies in a folder is forbidden together with the folder itself: normal forms have no final slash.
        return wide && prefix.Length > 1 && prefix.EndsWith('/') ? Terms.Any(Terms.Equal(subject, Terms.Value(prefix[..^1])), below) : below;
    }

    /// <summary>A role by its name, without regard to case; <c>*</c> is any.</summary>
    public static Expr HasRole(string role) => role == "*"
        ? Terms.Not(new Expr.Unary(UnaryOperator.IsEmpty, Terms.Get(Terms.Principal, "roles")))
        : Terms.Binary(BinaryOperator.In, Terms.Principal, Terms.Value(new EntityUid(PolicyNames.Role, Spelling.Fold(role.Trim()))));

    /// <summary>The address the call came from lies in a range. A call without one does not.</summary>
    public static Expr ComesFrom(string range) => Terms.All(
        Terms.Has(Terms.Context, "sourceIp"), Terms.InRange(Terms.Get(Terms.Context, "sourceIp"), range));

    /// <summary>The doors whose route begins with a path; <see langword="null"/> where none does.</summary>
    public static Expr? EntersBelow(string path)
    {
        var doors = Doors.Where(door => door.Path.StartsWith(path, StringComparison.Ordinal)).Select(door => door.Door).Distinct().ToList();
        return doors.Count == 0 ? null : Terms.Contains(Terms.Set(doors.Select(Terms.Value)), Terms.Get(Terms.Context, "door"));
    }

    /// <summary>A tool of this name: exactly, or whatever its case and whatever server it stands on.</summary>
    public static Expr ToolNamed(Expr tool, string name, bool wide)
    {
        if (!wide)
        {
            return Terms.Equal(Terms.Get(tool, "id"), Terms.Value(name));
        }

        var (key, lower) = (Terms.Get(tool, "key"), Spelling.Fold(name));
        return lower.EndsWith('*')
            ? Terms.Any(Terms.Like(key, lower[..^1], ""), Terms.Like(key, "", "/" + lower[..^1], ""))
            : Terms.Any(Terms.Equal(key, Terms.Value(lower)), Terms.Like(key, "", "/" + lower));
    }

    private static Expr IsAction(string action)
        => Terms.Equal(new Expr.Variable(RequestVariable.Action), Terms.Value(PolicyNames.Action(action)));
}
