namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Says of an origin once in a second that it is to be told of, in this process and in bounded memory, so that a flood of what is refused
/// anyway costs a look-up each and no writing. Origins beyond the bound wait for the next second.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OncePerSecond(TimeProvider time)
{
    /// <summary>How many origins are told of in a second.</summary>
    public const int OriginsMax = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _second;

    /// <summary>Whether it is the first of the origin in this second.</summary>
    public bool IsFirst(string origin)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            if (second != _second)
            {
                _told.Clear();
                _second = second;
            }

            return _told.Count < OriginsMax && _told.Add(origin);
        }
    }
}
