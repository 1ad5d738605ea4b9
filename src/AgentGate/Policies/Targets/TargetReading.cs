using System.Collections.Immutable;

namespace AgentGate.Policies.Targets;

/// <summary>What an argument was read as: one target, or several where its text can be read in several ways.</summary>
/// <param name="Targets">The targets; all of them must be permitted. Empty where there is a fault.</param>
/// <param name="Fault">Why the text is no target, as the end of a sentence; never the text itself.</param>
internal readonly record struct TargetReading(ImmutableArray<Target> Targets, string? Fault)
{
    /// <summary>A text that cannot be read. It denies the call.</summary>
    public static TargetReading No(string fault) => new([], fault);

    /// <summary>Reads a text as it stands and, where it is percent-encoded, as what each layer decodes to: nobody knows which one the tool will use.</summary>
    public static TargetReading Both(string text, Func<string, TargetReading> read)
    {
        if (PercentText.Decode(text, out var layers) is { } fault)
        {
            return No(fault);
        }

        var all = read(layers[0]);
        foreach (var layer in layers.Skip(1))
        {
            all = all.Fault is null ? all.And(read(layer)) : all;
        }

        return all;
    }

    /// <summary>Both readings together; the fault of either.</summary>
    public TargetReading And(TargetReading other)
        => Fault is not null ? this : other.Fault is not null ? other
            : new([.. Targets.Concat(other.Targets).DistinctBy(static target => target.Uid)], null);
}
