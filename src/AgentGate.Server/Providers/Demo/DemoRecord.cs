namespace AgentGate.Server.Providers.Demo;

/// <summary>The last requests that the demo provider received, so that tests and people see what left.</summary>
/// <remarks>Thread-safe. Bounded by count and by bytes; the newest request is always there.</remarks>
internal sealed class DemoRecord
{
    private const int CountMax = 1_000;
    private const long BytesMax = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<DemoReceived> _received = new();
    private long _bytes;
    private long _count;

    /// <summary>The requests, oldest first.</summary>
    public IReadOnlyList<DemoReceived> Received
    {
        get
        {
            lock (_lock)
            {
                return [.. _received];
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _received.Clear();
            _bytes = 0;
        }
    }

    /// <summary>What was received in a call, or <see langword="null"/>.</summary>
    public DemoReceived? Find(string callId)
    {
        lock (_lock)
        {
            return _received.LastOrDefault(received => received.CallId == callId);
        }
    }

    /// <summary>Forgets what was received in a call without personal data being guarded.</summary>
    public void RemoveUnmasked(string? callId)
    {
        lock (_lock)
        {
            if (_received.Any(received => received.IsUnmasked && received.CallId == callId))
            {
                List<DemoReceived> kept = [.. _received.Where(received => !received.IsUnmasked || received.CallId != callId)];
                _received.Clear();
                kept.ForEach(_received.Enqueue);
                _bytes = kept.Sum(received => (long)received.Body.Length);
            }
        }
    }

    internal void Add(
        DateTimeOffset at,
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        byte[] body,
        string? callId = null,
        bool isUnmasked = false)
    {
        lock (_lock)
        {
            _received.Enqueue(new DemoReceived(++_count, at, method, path, headers, body, callId, isUnmasked));
            _bytes += body.Length;
            while (_received.Count > CountMax || (_bytes > BytesMax && _received.Count > 1))
            {
                _bytes -= _received.Dequeue().Body.Length;
            }
        }
    }
}
