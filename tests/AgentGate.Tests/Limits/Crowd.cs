namespace AgentGate.Tests.Limits;

/// <summary>Callers on threads of their own that begin together, again and again.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly Barrier _begin;
    private readonly Barrier _end;
    private readonly Thread[] _threads;
    private Action<int>? _act;
    private Exception? _failure;

    public Crowd(int size)
    {
        (_begin, _end) = (new Barrier(size + 1), new Barrier(size + 1));
        _threads = [.. Enumerable.Range(0, size).Select(caller => new Thread(() => Serve(caller), 256 * 1024) { IsBackground = true })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    public int Size => _threads.Length;

    /// <summary>Has every caller act at the same time and waits for the last.</summary>
    public void Act(Action<int> act)
    {
        _act = act;
        _begin.SignalAndWait();
        Assert.True(_end.SignalAndWait(TimeSpan.FromMinutes(1)), "the callers wait for each other");
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw new InvalidOperationException("A caller failed.", failure);
        }
    }

    public void Dispose()
    {
        _act = null;
        _begin.SignalAndWait();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _begin.Dispose();
        _end.Dispose();
    }

    private void Serve(int caller)
    {
        while (true)
        {
            _begin.SignalAndWait();
            if (_act is not { } act)
            {
                return;
            }

            try
            {
                act(caller);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            _end.SignalAndWait();
        }
    }
}
