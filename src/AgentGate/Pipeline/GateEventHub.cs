using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Hands events to the listeners of this process. A listener hears one principal of one tenant, nobody else.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class GateEventHub : IGateEvents
{
    private readonly ConcurrentDictionary<(string Tenant, string Principal), ImmutableArray<Listener>> _listeners = new();

    public bool HasListener(Principal principal) => !_listeners.IsEmpty && _listeners.ContainsKey((principal.Tenant, principal.Id));

    public void Publish(GateEvent happened)
    {
        if (_listeners.TryGetValue((happened.Tenant, happened.Principal), out var listeners))
        {
            foreach (var listener in listeners)
            {
                listener.Hear(happened);
            }
        }
    }

    /// <summary>Begins to listen to one principal. Disposing ends it.</summary>
    public Listener Listen(Principal principal)
    {
        var listener = new Listener(this, (principal.Tenant, principal.Id));
        _listeners.AddOrUpdate(listener.Key, [listener], (_, others) => others.Add(listener));
        return listener;
    }

    private void Remove(Listener listener)
    {
        // Taken out by comparison, so that who begins to listen meanwhile is not lost.
        while (_listeners.TryGetValue(listener.Key, out var listeners))
        {
            var rest = listeners.Remove(listener);
            if (rest.IsEmpty ? _listeners.TryRemove(new(listener.Key, listeners)) : _listeners.TryUpdate(listener.Key, rest, listeners))
            {
                return;
            }
        }
    }

    /// <summary>One who listens. Holds a bounded number of events that were not taken yet.</summary>
    internal sealed class Listener : IDisposable
    {
        /// <summary>The most events that wait: dozens of calls. The oldest make room.</summary>
        public const int WaitingMax = 1_024;

        private readonly GateEventHub _hub;
        private readonly Channel<GateEvent> _channel;
        private long _lost;

        internal Listener(GateEventHub hub, (string Tenant, string Principal) key)
        {
            (_hub, Key) = (hub, key);
            _channel = Channel.CreateBounded<GateEvent>(
                new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                _ => Interlocked.Increment(ref _lost));
        }

        internal (string Tenant, string Principal) Key { get; }

        /// <summary>How many events were lost because they were not taken in time.</summary>
        public long Lost => Interlocked.Read(ref _lost);

        /// <summary>What was heard, oldest first. One reader at a time.</summary>
        public ChannelReader<GateEvent> Heard => _channel.Reader;

        public void Dispose()
        {
            _hub.Remove(this);
            _channel.Writer.TryComplete();
        }

        internal void Hear(GateEvent happened) => _channel.Writer.TryWrite(happened);
    }
}
