namespace AgentGate.Threats.Behaviour;

/// <summary>From which counts on behaviour is an attack. Section <c>AgentGate:Behaviour</c>.</summary>
internal sealed class BehaviourOptions
{
    public const string Section = "AgentGate:Behaviour";

    /// <summary>Whether behaviour is watched. The published name is ENABLE_THREAT_DETECTION. Default true. Blocked addresses stay blocked either way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>From how many failed sign-ins of an address in the window on an alert is raised. Default 10.</summary>
    public int FailuresForAlert { get; set; } = 10;

    /// <summary>From how many failed sign-ins of an address in the window on it is blocked. Default 20.</summary>
    public int FailuresForBlock { get; set; } = 20;

    /// <summary>How long failed sign-ins count. Default one hour.</summary>
    public TimeSpan FailureWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an address is blocked. Default one hour.</summary>
    public TimeSpan BlockFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>From how many different accounts on that fail from one address in the window it is credential stuffing. Default 5.</summary>
    public int AccountsForStuffing { get; set; } = 5;

    /// <summary>How many requests of one caller to one endpoint in a minute are usual. Default 100; 0 watches none.</summary>
    public int RequestsPerMinute { get; set; } = 100;

    /// <summary>How many bytes of one request or answer are usual. Default 10 MB; 0 watches none.</summary>
    public long PayloadBytes { get; set; } = 10_000_000;

    /// <summary>How long an address of a user stays known. Default 90 days.</summary>
    public TimeSpan AddressKnownFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How many addresses can be blocked at once. Default 10,000; when more are, those that end soonest make room.</summary>
    public int BlockedMax { get; set; } = 10_000;

    /// <summary>What cannot be used.</summary>
    public static IEnumerable<string> Faults(BehaviourOptions options)
    {
        if (options.FailuresForAlert is < 2 or > 1_000 || options.FailuresForBlock < options.FailuresForAlert || options.FailuresForBlock > 10_000)
        {
            yield return $"{Section}:FailuresForAlert must be between 2 and 1000, and FailuresForBlock not less and at most 10000.";
        }

        if (options.AccountsForStuffing is < 2 or > 1_000)
        {
            yield return $"{Section}:AccountsForStuffing must be between 2 and 1000.";
        }

        if (options.FailureWindow < TimeSpan.FromMinutes(1) || options.FailureWindow > TimeSpan.FromDays(1))
        {
            yield return $"{Section}:FailureWindow must be between one minute and one day.";
        }

        if (options.BlockFor < TimeSpan.FromSeconds(10) || options.BlockFor > BlockedAddress.LongestBlock)
        {
            yield return $"{Section}:BlockFor must be between ten seconds and {BlockedAddress.LongestBlock.TotalDays:0} days.";
        }

        if (options.RequestsPerMinute is < 0 || options.PayloadBytes < 0)
        {
            yield return $"{Section}:RequestsPerMinute and PayloadBytes must not be negative; 0 watches none.";
        }

        if (options.AddressKnownFor < TimeSpan.FromDays(1) || options.AddressKnownFor > TimeSpan.FromDays(400))
        {
            yield return $"{Section}:AddressKnownFor must be between 1 and 400 days.";
        }

        if (options.BlockedMax is < 1 or > 100_000)
        {
            yield return $"{Section}:BlockedMax must be between 1 and 100000.";
        }
    }
}
