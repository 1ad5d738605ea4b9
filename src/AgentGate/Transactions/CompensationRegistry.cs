using System.Collections.Concurrent;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Transactions;

/// <summary>The compensations this process knows: by the tool they undo, and by their own name, by which a step that a crash left finds its own. Thread-safe.</summary>
internal sealed class CompensationRegistry
{
    private readonly ConcurrentDictionary<string, Compensation> _byTool = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Compensation> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes a compensation the one of a tool. The last one counts.</summary>
    public void Declare(string tool, Compensation compensation, bool isInternal, IReadOnlyList<ToolArgument> arguments, IToolRegistry? tools)
    {
        Know(compensation, isInternal, arguments, tools);
        _byTool[tool] = compensation;
    }

    /// <summary>Makes a compensation known by its name.</summary>
    public void Know(Compensation compensation, bool isInternal, IReadOnlyList<ToolArgument> arguments, IToolRegistry? tools)
    {
        if (ReferenceEquals(compensation, Compensation.Nothing))
        {
            return;
        }

        Check(compensation);
        _byName[compensation.Name] = compensation;
        if (compensation.IsInternal ?? isInternal)
        {
            tools?.Register(compensation.Name, isInternal: true);
        }

        if (compensation.Effects.Count > 0)
        {
            tools?.Describe(compensation.Name, new ToolDeclaration([.. compensation.Effects], []));
        }

        if (arguments.Count > 0)
        {
            // What an argument of the tool is, it is in what the compensation gets of it too; what the tool did to it was the tool's.
            tools?.Declare(compensation.Name, [.. arguments.Select(Inside)]);
        }
    }

    /// <summary>The compensation of a tool.</summary>
    public Compensation? OfTool(string tool) => _byTool.GetValueOrDefault(tool);

    /// <summary>The compensation of a step: the one that was put down with it, else the tool's.</summary>
    public Compensation? Of(StoredStep step)
        => step.Compensation switch
        {
            null => OfTool(step.Tool),
            Compensation.NothingName => Compensation.Nothing,
            var name => _byName.GetValueOrDefault(name),
        };

    private static ToolArgument Inside(ToolArgument argument)
    {
        var pointer = argument.Name.StartsWith('/')
            ? argument.Name
            : "/" + argument.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return argument with { Name = "/input" + pointer, Effects = [] };
    }

    private static void Check(Compensation compensation)
    {
        if (compensation.Effects.FirstOrDefault(effect => !GateActions.Effects.Contains(effect, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ArgumentException($"\"{unknown}\" is no effect; the effects are {string.Join(", ", GateActions.Effects)}.", nameof(compensation));
        }

        if (compensation.Tries is < 1 or > 100)
        {
            throw new ArgumentException($"The compensation {compensation.Name} says it is tried {compensation.Tries} times; say 1 to 100.", nameof(compensation));
        }

        if (compensation.Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(10) || timeout > TimeSpan.FromHours(1)))
        {
            throw new ArgumentException($"The compensation {compensation.Name} has the timeout {timeout}; say 10 milliseconds to 1 hour.", nameof(compensation));
        }
    }
}
