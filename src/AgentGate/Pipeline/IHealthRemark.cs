namespace AgentGate.Pipeline;

/// <summary>Something the health page says although decisions go on. Thread-safe.</summary>
internal interface IHealthRemark
{
    /// <summary>What is to be said, with a stable code in front; <see langword="null"/> while all is well. Never names a tenant or content.</summary>
    string? Remark { get; }
}
