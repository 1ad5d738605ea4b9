namespace AgentGate.Storage;

/// <summary>Times as they are stored: milliseconds since 1970 (UTC).</summary>
internal static class StoredTime
{
    public static DateTimeOffset Read(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Read(long? milliseconds) => milliseconds is { } value ? Read(value) : null;

    public static long Write(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long? Write(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
