using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Limits;

/// <summary>Refuses options that would limit nothing or something else than they say, with the key and the way out in the message.</summary>
internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    private const int RulesMax = 64;
    private const int NameMax = 64;
    private static readonly string[] s_toolActions = [GateActions.CallTool, GateActions.UseProviderTool];
    private static readonly string[] s_modelActions = [GateActions.CallModel, GateActions.Embed, GateActions.CountTokens];

    /// <summary>The actions that reach this guard. Restoring values is a permission and no call.</summary>
    private static readonly string[] s_actions = [.. s_toolActions, .. s_modelActions, GateActions.ListModels, GateActions.FetchContent];

    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
        => Faults(options).Select(fault => $"{Codes.ConfigurationInvalid}: {fault}").ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    /// <summary>What is wrong with the options.</summary>
    public static IEnumerable<string> Faults(LimitsOptions options)
    {
        const string Section = "AgentGate:Limits";
        if (options.KeysMax is < 16 or > 10_000_000)
        {
            yield return $"{Section}:KeysMax must be between 16 and 10000000.";
        }

        if (options.StoreDeadline < TimeSpan.FromMilliseconds(1) || options.StoreDeadline > TimeSpan.FromSeconds(1))
        {
            yield return $"{Section}:StoreDeadline must be between one millisecond and one second.";
        }

        if (options.Servers is < 1 or > 10_000)
        {
            yield return $"{Section}:Servers must be between 1 and 10000.";
        }

        if (options.Rules.Count > RulesMax)
        {
            yield return $"{Section}:Rules holds {options.Rules.Count} rules; there can be {RulesMax}.";
        }

        foreach (var twice in options.Rules.GroupBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{Section}:Rules names \"{twice.Key}\" twice; each rule needs a name of its own.";
        }

        foreach (var (rule, index) in options.Rules.Select((rule, index) => (rule, index)))
        {
            foreach (var fault in Faults(rule, options.Servers))
            {
                yield return $"{Section}:Rules:{index}:{fault}";
            }
        }
    }

    private static IEnumerable<string> Faults(LimitRule rule, int servers)
    {
        if (rule.Name.Length is 0 or > NameMax || !rule.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return $"Name must be 1 to {NameMax} letters, digits, \"-\", \"_\" or \".\".";
        }

        if (rule.Calls is < 1 or > 1_000_000_000)
        {
            yield return "Calls must be between 1 and 1000000000; to forbid calls, write a policy.";
        }

        if (rule.Window < TimeSpan.FromSeconds(1) || rule.Window > TimeSpan.FromDays(31) || rule.Window.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return "Window must be between one second and 31 days, in whole seconds, for example 00:01:00.";
        }

        if ((rule.Per & ~(LimitPer.Tenant | LimitPer.User | LimitPer.Agent | LimitPer.Key | LimitPer.Tool | LimitPer.Model)) != 0)
        {
            yield return "Per must be Global or a list of Tenant, User, Agent, Key, Tool, Model.";
        }

        foreach (var (key, pattern) in ((string, string)[])
            [("Action", rule.Action), ("Principal", rule.Principal), ("Tool", rule.Tool), ("Model", rule.Model), ("Tenant", rule.Tenant)])
        {
            if (!Wildcard.IsValid(pattern))
            {
                yield return $"{key} holds the pattern \"{pattern}\"; only * is a wildcard, and it cannot stand beside ? or a backslash.";
            }
        }

        // A rule that fits no call protects nothing, and nobody would notice.
        var (tools, models) = (rule.Tool != "*" || rule.Per.HasFlag(LimitPer.Tool), rule.Model != "*" || rule.Per.HasFlag(LimitPer.Model));
        var reached = (tools, models) switch { (true, true) => [], (true, false) => s_toolActions, (false, true) => s_modelActions, _ => s_actions };
        if (!reached.Any(action => Wildcard.IsMatch(rule.Action, action, ignoreCase: true)))
        {
            yield return tools && models
                ? "no call is of a tool and of a model at once; make two rules."
                : $"Action is \"{rule.Action}\", which no call this rule can fit has; the actions are {string.Join(", ", reached)}.";
        }

        if (!Enum.IsDefined(rule.OnStoreLoss))
        {
            yield return "OnStoreLoss must be Deny, LocalShare or Allow.";
        }

        if (rule.OnStoreLoss == StoreLoss.LocalShare && rule.Calls < servers)
        {
            yield return $"OnStoreLoss is LocalShare, and {rule.Calls} calls shared by {servers} servers are none for each; choose Deny or Allow.";
        }
    }
}
