namespace AgentGate.Server.Gateway;

/// <summary>Counts the bytes of request bodies in flight and refuses what would pass the bound. Thread-safe.</summary>
internal sealed class BytesInFlight(long bytesMax)
{
    private long _bytes;

    /// <summary>The bytes in flight.</summary>
    public long Current => Interlocked.Read(ref _bytes);

    /// <summary>Takes bytes, or says that there are none left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
