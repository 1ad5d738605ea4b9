using System.Threading.Channels;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Threats.Behaviour;

/// <summary>Carries events away from requests that must not wait for a store. Bounded: what does not fit is counted and told. Thread-safe.</summary>
internal sealed partial class SecurityEventQueue(ISecurityEvents events, ILogger<SecurityEventQueue> logger)
{
    private const int WaitingMax = 1_024;

    private readonly Channel<SecurityEvent> _waiting = Channel.CreateBounded<SecurityEvent>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private long _dropped;

    /// <summary>Tells of something later.</summary>
    public void Tell(SecurityEvent happened)
    {
        if (!_waiting.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Tells of what waits, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var happened in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            await events.ReportAsync(happened, cancellationToken);
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                Log.Dropped(logger, dropped);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6614, LogLevel.Warning, Codes.SecurityEventsDropped + ": {Count} security events came faster than they could be told and were dropped.")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
