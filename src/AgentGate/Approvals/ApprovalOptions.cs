namespace AgentGate.Approvals;

/// <summary>Which calls wait for people, and how long. Section <c>AgentGate:Approvals</c>.</summary>
public sealed class ApprovalOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AgentGate:Approvals";

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(31);

    /// <summary>Which calls wait, beside those whose policy says <c>@obligation("approval_required")</c>. Of several that fit a call, the strictest counts.</summary>
    public IList<ApprovalRule> Rules { get; } = [];

    /// <summary>How many people must approve a call that a policy holds, 1 to 16.</summary>
    /// <value>The default is 1.</value>
    public int Approvers { get; set; } = 1;

    /// <summary>How long a call can be approved and go on: after that it is denied, and on record as such.</summary>
    /// <value>The default is 1 hour; 1 second to 31 days.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a door waits for people before it answers that the call is held. The same call resumes it later.</summary>
    /// <value>The default is 30 seconds; 0 to 10 minutes.</value>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most calls of one principal that may wait at a time; what comes beyond is denied.</summary>
    /// <value>The default is 100; 1 to 10,000.</value>
    public int OpenMax { get; set; } = 100;

    /// <summary>How long decided approvals are kept. What was decided stays in the log.</summary>
    /// <value>The default is 31 days; 1 hour to 3,650 days.</value>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(31);

    /// <summary>What is wrong with the options, one sentence each.</summary>
    internal static IEnumerable<string> Faults(ApprovalOptions options)
    {
        if (options.Approvers is < 1 or > 16)
        {
            yield return $"{Section}:Approvers must be from 1 to 16.";
        }

        if (!IsTimeout(options.Timeout))
        {
            yield return $"{Section}:Timeout must be from 1 second to 31 days.";
        }

        if (options.Wait < TimeSpan.Zero || options.Wait > TimeSpan.FromMinutes(10))
        {
            yield return $"{Section}:Wait must be from 0 to 10 minutes.";
        }

        if (options.OpenMax is < 1 or > 10_000)
        {
            yield return $"{Section}:OpenMax must be from 1 to 10,000.";
        }

        if (options.KeepFor < TimeSpan.FromHours(1) || options.KeepFor > TimeSpan.FromDays(3650))
        {
            yield return $"{Section}:KeepFor must be from 1 hour to 3,650 days.";
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            foreach (var (name, pattern) in ((string, string)[])[("Tool", rule.Tool), ("Principal", rule.Principal), ("Tenant", rule.Tenant)])
            {
                if (pattern.Length == 0 || !Pipeline.Wildcard.IsValid(pattern))
                {
                    yield return $"{Section}:Rules:{i}:{name} must be a name or a pattern with *; ? and \\ cannot stand beside it.";
                }
            }

            if (rule.Approvers is < 1 or > 16)
            {
                yield return $"{Section}:Rules:{i}:Approvers must be from 1 to 16.";
            }

            if (rule.Timeout is { } timeout && !IsTimeout(timeout))
            {
                yield return $"{Section}:Rules:{i}:Timeout must be from 1 second to 31 days.";
            }
        }
    }

    private static bool IsTimeout(TimeSpan timeout) => timeout >= TimeSpan.FromSeconds(1) && timeout <= s_longest;
}
