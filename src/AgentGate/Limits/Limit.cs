using System.Globalization;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Limits;

/// <summary>One rule, made ready: whom it concerns and which count a call belongs to. Immutable.</summary>
internal sealed class Limit
{
    private readonly string? _action;
    private readonly string? _principal;
    private readonly string? _tenant;
    private readonly string? _tool;
    private readonly string? _model;

    public Limit(LimitRule rule, int index, int calls)
    {
        (Index, Name, Calls, Window, Per, OnStoreLoss) = (index, rule.Name, calls, rule.Window, rule.Per, rule.OnStoreLoss);
        Centre = calls;
        (_action, _principal, _tenant) = (Pattern(rule.Action), Pattern(rule.Principal), Pattern(rule.Tenant));
        (_tool, _model) = (Pattern(rule.Tool), Pattern(rule.Model));
        Described = Describe();

        // A pattern that stands for anything costs nothing.
        static string? Pattern(string pattern) => pattern.AsSpan().TrimStart('*').IsEmpty ? null : pattern;
    }

    /// <summary>Its place among the rules. Locks are taken in this order.</summary>
    public int Index { get; }

    public string Name { get; }

    public int Calls { get; }

    /// <summary>How many of <see cref="Calls"/> a shared store grants; the rest are the servers' shares (<see cref="LimitSet"/>).</summary>
    public int Centre { get; init; }

    public TimeSpan Window { get; }

    public LimitPer Per { get; }

    public StoreLoss OnStoreLoss { get; }

    /// <summary>The limit in words: how many calls in which time, per what.</summary>
    public string Described { get; }

    /// <summary>Whether the rule concerns a caller at all.</summary>
    public bool Concerns(Principal principal) => Fits(_principal, principal.Id) && Fits(_tenant, principal.Tenant);

    /// <summary>The count that something asked for by a caller the rule concerns belongs to, if the rule concerns what is asked.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">What is asked.</param>
    /// <param name="resource">On what.</param>
    /// <param name="upstream">The provider's name of the model, where there is one.</param>
    /// <param name="key">The count.</param>
    public bool TryKey(Principal principal, string action, EntityRef resource, string? upstream, out LimitKey key)
    {
        key = default;
        var isTool = resource.Type is EntityRef.ToolType or EntityRef.ProviderToolType;
        var isModel = resource.Type == EntityRef.ModelType;
        if (!Fits(_action, action)
            || (!isTool && (_tool is not null || (Per & LimitPer.Tool) != 0))
            || (!isModel && (_model is not null || (Per & LimitPer.Model) != 0))
            || !Fits(_tool, resource.Id)
            || !(Fits(_model, resource.Id) || (upstream is not null && Fits(_model, upstream))))
        {
            return false;
        }

        var countsKey = (Per & LimitPer.Key) != 0;
        key = new LimitKey(
            Per == LimitPer.Global ? null : principal.Tenant,
            (Per & LimitPer.User) != 0 ? principal.UserId ?? principal.Id : null,
            (Per & LimitPer.Agent) != 0 || (countsKey && principal.KeyId is null) ? principal.Id : null,
            countsKey ? principal.KeyId : null,
            (Per & LimitPer.Tool) != 0 ? resource.Id : null,
            (Per & LimitPer.Model) != 0 ? upstream ?? resource.Id : null);
        return true;
    }

    private static bool Fits(string? pattern, string text) => pattern is null || Wildcard.IsMatch(pattern, text, ignoreCase: true);

    private string Describe()
    {
        string[] parts = [.. Enum.GetValues<LimitPer>().Where(part => part != LimitPer.Global && Per.HasFlag(part)).Select(part => part.ToString().ToLowerInvariant())];
        var per = parts.Length == 0 ? "in all" : "per " + string.Join(" and ", parts);
        return string.Create(CultureInfo.InvariantCulture, $"{Calls} {(Calls == 1 ? "call" : "calls")} in {Window.TotalSeconds} s {per}");
    }
}
