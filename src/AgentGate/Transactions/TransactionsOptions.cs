namespace AgentGate.Transactions;

/// <summary>How transactions are kept and undone (<c>AgentGate:Transactions</c>).</summary>
public sealed class TransactionsOptions
{
    /// <summary>
    /// How long a process owns its transactions without saying so again; 5 seconds to 10 minutes. It says so three times as often. After
    /// that any process may take them over and roll them back, so the clocks of servers must differ by less.
    /// </summary>
    /// <value>The default is 1 minute.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a transaction may be open; 1 second to 31 days. One that was forgotten is rolled back after it.</summary>
    /// <value>The default is 1 hour.</value>
    public TimeSpan DurationMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many steps a transaction may have, those of the ones inside it included; 1 to 100,000.</summary>
    /// <value>The default is 1,000.</value>
    public int StepsMax { get; set; } = 1_000;

    /// <summary>How long one try of a compensation may take that says nothing else; 10 milliseconds to 1 hour.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan CompensationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a compensation is tried that says nothing else; 1 to 100.</summary>
    /// <value>The default is 5.</value>
    public int CompensationTries { get; set; } = 5;

    /// <summary>How long the first wait between two tries is; each further one is twice as long. 0 to 1 hour.</summary>
    /// <value>The default is 200 milliseconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a wait between two tries may become; at least <see cref="RetryDelay"/>, at most 1 hour.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a rollback or a commit waits for steps that still run; 0 to 1 hour. A rollback reports what still runs after it as unknown.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan StepPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long what a crashed process left waits for a process that registers its compensations; 0 to 31 days. After it the steps whose
    /// compensation nobody registered are reported as not undone.
    /// </summary>
    /// <value>The default is 1 day.</value>
    public TimeSpan RegistrationPatience { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a server looks for what crashed processes left; 1 second to 1 hour.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan ResumeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long ended transactions can be read; 1 hour to 10 years. What their steps got and gave is deleted when they end, except where it was not undone.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Called with the report of every rollback, also of one that was resumed after a crash. What it throws is logged and changes nothing.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public Action<TransactionReport>? RolledBack { get; set; }
}
