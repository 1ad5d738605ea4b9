namespace AgentGate.Pipeline;

/// <summary>How a server of a cluster follows what the others change.</summary>
internal sealed class ChangeOptions
{
    /// <summary>How often the versions are read. A notification of the database only makes it sooner.</summary>
    /// <value>The default is 250 milliseconds; from 50 milliseconds to 5 seconds.</value>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How old what is in force may be, before the server is not ready and denies every call.</summary>
    /// <value>The default is 5 seconds; from twice <see cref="PollEvery"/>, at least 1 second, to 5 minutes.</value>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with the options, one sentence each.</summary>
    public static IEnumerable<string> Faults(ChangeOptions options)
    {
        if (options.PollEvery < TimeSpan.FromMilliseconds(50) || options.PollEvery > TimeSpan.FromSeconds(5))
        {
            yield return "AgentGate:Changes:PollEvery must be from 50 milliseconds to 5 seconds.";
        }

        if (options.StaleAfter < TimeSpan.FromSeconds(1) || options.StaleAfter < options.PollEvery * 2 || options.StaleAfter > TimeSpan.FromMinutes(5))
        {
            yield return "AgentGate:Changes:StaleAfter must be at least 1 second and twice PollEvery, and at most 5 minutes.";
        }
    }
}
