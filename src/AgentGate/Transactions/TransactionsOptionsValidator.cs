using AgentGate.Diagnostics;
using Microsoft.Extensions.Options;

namespace AgentGate.Transactions;

/// <summary>Refuses options that cannot be kept, with the key and the way out in the message.</summary>
internal sealed class TransactionsOptionsValidator : IValidateOptions<TransactionsOptions>
{
    private const string Section = "AgentGate:Transactions";

    public ValidateOptionsResult Validate(string? name, TransactionsOptions options)
        => Faults(options).Select(fault => $"{Codes.ConfigurationInvalid}: {fault}").ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    /// <summary>What is wrong with the options.</summary>
    public static IEnumerable<string> Faults(TransactionsOptions options)
    {
        var (hour, month) = (TimeSpan.FromHours(1), TimeSpan.FromDays(31));
        (string Key, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] spans =
        [
            (nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)),
            (nameof(options.DurationMax), options.DurationMax, TimeSpan.FromSeconds(1), month),
            (nameof(options.CompensationTimeout), options.CompensationTimeout, TimeSpan.FromMilliseconds(10), hour),
            (nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, hour),
            (nameof(options.RetryDelayMax), options.RetryDelayMax, TimeSpan.Zero, hour),
            (nameof(options.StepPatience), options.StepPatience, TimeSpan.Zero, hour),
            (nameof(options.RegistrationPatience), options.RegistrationPatience, TimeSpan.Zero, month),
            (nameof(options.ResumeInterval), options.ResumeInterval, TimeSpan.FromSeconds(1), hour),
            (nameof(options.Retention), options.Retention, hour, TimeSpan.FromDays(3_653)),
        ];
        foreach (var (key, value, least, most) in spans)
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{key} must be between {least:c} and {most:c}.";
            }
        }

        if (options.RetryDelayMax < options.RetryDelay)
        {
            yield return $"{Section}:RetryDelayMax is shorter than RetryDelay; the waits only grow.";
        }

        if (options.StepsMax is < 1 or > 100_000)
        {
            yield return $"{Section}:StepsMax must be between 1 and 100000.";
        }

        if (options.CompensationTries is < 1 or > 100)
        {
            yield return $"{Section}:CompensationTries must be between 1 and 100.";
        }
    }
}
