namespace AgentGate.Keys;

/// <summary>How API keys are held in memory.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>How long a key found in the store is used without asking again. Revoking in the same process acts at once.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most keys held in memory; beyond it the store is asked each time.</summary>
    /// <value>The default is 10,000.</value>
    public int CacheCapacity { get; set; } = 10_000;
}
