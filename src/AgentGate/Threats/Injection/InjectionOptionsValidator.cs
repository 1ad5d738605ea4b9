using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Injection;

/// <summary>Refuses options that would not do what they say, with the key and the way out in the message.</summary>
internal sealed class InjectionOptionsValidator : IValidateOptions<InjectionOptions>
{
    private const string Section = "AgentGate:Injection";

    public ValidateOptionsResult Validate(string? name, InjectionOptions options)
    {
        List<string> faults = [];
        if (!(options.FlagThreshold is > 0 and <= 1))
        {
            faults.Add($"{Section}:FlagThreshold must be above 0 and at most 1.");
        }

        if (!(options.BlockThreshold >= options.FlagThreshold && options.BlockThreshold <= 1))
        {
            faults.Add($"{Section}:BlockThreshold must be at least FlagThreshold and at most 1.");
        }

        // The gate gives the guard two seconds; a classifier's time must end before.
        if (options.ClassifierTimeout <= TimeSpan.Zero || options.ClassifierTimeout > TimeSpan.FromMilliseconds(1900))
        {
            faults.Add($"{Section}:ClassifierTimeout must be above zero and at most 1.9 seconds.");
        }

        (string Key, InjectionAction Action)[] actions =
        [
            ("Chat", options.Chat), ("ToolResults", options.ToolResults), ("ToolArguments", options.ToolArguments),
            ("Definitions", options.Definitions), ("System", options.System),
        ];
        faults.AddRange(actions.Where(entry => !Enum.IsDefined(entry.Action)).Select(entry => $"{Section}:{entry.Key} must be Ignore, Flag or Block."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
