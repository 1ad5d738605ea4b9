using AgentGate.Transactions;

namespace AgentGate.Tests.Transactions;

public sealed class TransactionsOptionsTests
{
    public static TheoryData<string, Action<TransactionsOptions>> Wrong => new()
    {
        { "Lease", options => options.Lease = TimeSpan.FromSeconds(1) },
        { "DurationMax", options => options.DurationMax = TimeSpan.Zero },
        { "CompensationTimeout", options => options.CompensationTimeout = TimeSpan.FromHours(2) },
        { "RetryDelay", options => options.RetryDelay = TimeSpan.FromSeconds(-1) },
        { "RetryDelayMax", options => options.RetryDelayMax = TimeSpan.FromMilliseconds(1) },
        { "StepPatience", options => options.StepPatience = TimeSpan.FromDays(1) },
        { "RegistrationPatience", options => options.RegistrationPatience = TimeSpan.FromDays(32) },
        { "ResumeInterval", options => options.ResumeInterval = TimeSpan.Zero },
        { "Retention", options => options.Retention = TimeSpan.Zero },
        { "StepsMax", options => options.StepsMax = 0 },
        { "CompensationTries", options => options.CompensationTries = 101 },
    };

    [Fact]
    public void The_defaults_can_be_kept() => Assert.Empty(TransactionsOptionsValidator.Faults(new TransactionsOptions()));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_kept_is_named(string key, Action<TransactionsOptions> configure)
    {
        var options = new TransactionsOptions();
        configure(options);

        var result = new TransactionsOptionsValidator().Validate(null, options);

        Assert.Contains(result.Failures!, fault => fault.StartsWith("AG7001", StringComparison.Ordinal) && fault.Contains("AgentGate:Transactions:" + key, StringComparison.Ordinal));
    }
}
