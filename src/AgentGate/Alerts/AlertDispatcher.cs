using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Alerts;

/// <summary>
/// Delivers what is queued: takes it under a lease, sends it, puts down how it went. A server that dies in between leaves a lease that ends,
/// and then another sends it again, under the same id, so that a receiver can tell.
/// </summary>
/// <remarks><see cref="RunAsync"/> runs once.</remarks>
internal sealed partial class AlertDispatcher(
    IAlertStore store, IEnumerable<IAlertChannel> channels, AlertSignal signal, AlertMetrics metrics, TimeProvider time, IOptions<AlertOptions> options, ILogger<AlertDispatcher> logger)
    : IHealthRemark
{
    private const int AtOnceMax = 16;

    private static readonly TimeSpan s_pollEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_purgeEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_remarkedFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_retryMax = TimeSpan.FromHours(1);

    private readonly Dictionary<string, IAlertChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
    private DateTimeOffset _purgeAt;
    private long _givenUpAt;

    public string? Remark
        => Interlocked.Read(ref _givenUpAt) is > 0 and var at && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at) < s_remarkedFor
            ? $"{Codes.AlertGivenUp}: an alert could not be delivered; the log names its channel"
            : null;

    /// <summary>Delivers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var taken = 0;
            try
            {
                taken = await DeliverAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Log.QueueUnreadable(logger, failure);
            }

            if (taken < AtOnceMax)
            {
                await signal.WaitAsync(s_pollEvery, time, cancellationToken);
            }
        }
    }

    /// <summary>Takes what is due and sends it.</summary>
    /// <returns>How many deliveries were taken.</returns>
    internal async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var taken = await store.ClaimAsync(now, options.Value.Timeout + TimeSpan.FromSeconds(30), AtOnceMax, cancellationToken);
        await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, cancellationToken)));
        if (now >= _purgeAt)
        {
            _purgeAt = now + s_purgeEvery;
            await store.PurgeAsync(now - options.Value.KeepFor, cancellationToken);
        }

        return taken.Count;
    }

    /// <summary>When a delivery that failed is tried again.</summary>
    internal static DateTimeOffset? Again(long tries, DateTimeOffset now, AlertOptions options)
        => tries >= options.TriesMax ? null : now + TimeSpan.FromTicks((long)Math.Min(s_retryMax.Ticks, options.RetryFirst.Ticks * Math.Pow(4, tries - 1)));

    private async Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        // What cannot be read, and what no channel takes any more, does not get better by trying.
        var (failure, again) = delivery.Alert is not { } alert ? ("unreadable", null)
            : !_channels.TryGetValue(delivery.Channel, out var channel) ? ("no-such-channel", null)
            : (await SendAsync(channel, alert, cancellationToken), Again(delivery.Tries, time.GetUtcNow(), options.Value));
        if (failure is null)
        {
            metrics.Delivery(delivery.Channel, AlertStates.Sent);
            await store.CompleteAsync(delivery, cancellationToken);
            return;
        }

        metrics.Delivery(delivery.Channel, again is null ? AlertStates.GivenUp : "failed");
        await store.FailAsync(delivery, failure, again, cancellationToken);
        if (again is null)
        {
            Interlocked.Exchange(ref _givenUpAt, time.GetUtcNow().ToUnixTimeMilliseconds());
            Log.GivenUp(logger, delivery.Alert?.Id ?? delivery.Id, delivery.Channel, failure, delivery.Tries);
        }
        else
        {
            Log.NotDelivered(logger, delivery.Alert!.Id, delivery.Channel, failure);
        }
    }

    private async Task<string?> SendAsync(IAlertChannel channel, StoredAlert alert, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await channel.SendAsync(alert, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timed-out";
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A channel that fails in a way nobody foresaw must not keep the others from being told.
            Log.ChannelFailed(logger, channel.Name, failure);
            return "failed";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6702, LogLevel.Critical, Codes.AlertGivenUp + ": the alert {Alert} could not be delivered through {Channel} ({Failure}) in {Tries} tries and is given up. GET /api/alerts shows it.")]
        public static partial void GivenUp(ILogger logger, string alert, string channel, string failure, long tries);

        [LoggerMessage(6703, LogLevel.Warning, Codes.AlertNotDelivered + ": the alert {Alert} could not be delivered through {Channel} ({Failure}); it is tried again.")]
        public static partial void NotDelivered(ILogger logger, string alert, string channel, string failure);

        [LoggerMessage(6705, LogLevel.Error, Codes.AlertQueueUnreadable + ": the queue of alerts cannot be read; it is tried again.")]
        public static partial void QueueUnreadable(ILogger logger, Exception failure);

        [LoggerMessage(6707, LogLevel.Error, Codes.AlertChannelFailed + ": the channel {Channel} failed in a way nobody foresaw.")]
        public static partial void ChannelFailed(ILogger logger, string channel, Exception failure);
    }
}
