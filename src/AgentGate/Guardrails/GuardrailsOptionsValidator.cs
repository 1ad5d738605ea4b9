using AgentGate.Diagnostics;
using Microsoft.Extensions.Options;

namespace AgentGate.Guardrails;

/// <summary>Says everything that is wrong with the guardrails at once, each fault with its field.</summary>
internal sealed class GuardrailsOptionsValidator : IValidateOptions<GuardrailsOptions>
{
    private const string Section = "AgentGate:Guardrails";
    private const int SetsMax = 32;

    public ValidateOptionsResult Validate(string? name, GuardrailsOptions options)
        => Faults(options).Select(fault => $"{Codes.ConfigurationInvalid}: {fault}").ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    /// <summary>What is wrong with the options.</summary>
    public static IEnumerable<string> Faults(GuardrailsOptions options)
    {
        foreach (var fault in options.ReadFaults)
        {
            yield return fault;
        }

        if (options.StoreDeadline < TimeSpan.FromMilliseconds(1) || options.StoreDeadline > TimeSpan.FromSeconds(2))
        {
            yield return $"{Section}:StoreDeadline must be between one millisecond and two seconds.";
        }

        if (options.TracksMax is < 16 or > 10_000_000)
        {
            yield return $"{Section}:TracksMax must be between 16 and 10000000.";
        }

        if (options.Sets.Count > SetsMax)
        {
            yield return $"{Section}:Sets holds {options.Sets.Count} guardrails; there can be {SetsMax}.";
        }

        foreach (var twice in options.Sets.GroupBy(set => set.Id, StringComparer.OrdinalIgnoreCase).Where(sets => sets.Count() > 1))
        {
            yield return $"{Section}:Sets names \"{twice.Key}\" twice; each guardrail needs an id of its own.";
        }

        foreach (var (set, index) in options.Sets.Select((set, index) => (set, index)))
        {
            foreach (var fault in GuardrailFaults.Of(set, options.PathOf(set) ?? $"{Section}:Sets:{index}"))
            {
                yield return fault;
            }
        }
    }
}
