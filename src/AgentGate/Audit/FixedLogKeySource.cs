using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>One key, held in memory. Thread-safe.</summary>
internal sealed class FixedLogKeySource(LogKey key) : ILogKeySource
{
    public LogKey Current { get; } = key;

    /// <summary>A key that lives as long as the process: for a log that does, too.</summary>
    public static FixedLogKeySource Fresh(IIdSource ids)
    {
        var secret = new byte[LogKey.MinLength];
        ids.Fill(secret);
        return new FixedLogKeySource(new LogKey(LogKeyId.Of(secret), secret));
    }

    public LogKey? Find(string keyId) => string.Equals(keyId, Current.Id, StringComparison.Ordinal) ? Current : null;
}
