using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Alerts;

/// <summary>
/// Delivers what is queued: takes it under a lease, sends it, puts down how it went. A server that dies in between leaves a lease that ends,
/// and then another sends it again, under the same id, so that a receiver can tell. Each delivery goes by itself: a receiver that hangs keeps none of the others waiting.
/// </summary>
/// <remarks><see cref="RunAsync"/> runs once.</remarks>
internal sealed partial class AlertDispatcher(
    IAlertStore store, IEnumerable<IAlertChannel> channels, AlertSignal signal, AlertMetrics metrics, IIdSource ids, TimeProvider time, IOptions<AlertOptions> options,
    ILogger<AlertDispatcher> logger)
    : IHealthRemark
{
    private const int AtOnceMax = 16;

    /// <summary>How many may be on their way at once. A receiver that hangs holds one for as long as it may take.</summary>
    private const int OnTheirWayMax = 256;

    private static readonly TimeSpan s_pollEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_purgeEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_remarkedFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_retryMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_afterMax = TimeSpan.FromDays(1);

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
        var onTheirWay = new List<Task>();
        try
        {
            while (true)
            {
                onTheirWay.RemoveAll(one => one.IsCompleted);
                var (most, taken) = (Math.Min(AtOnceMax, OnTheirWayMax - onTheirWay.Count), 0);
                try
                {
                    var claimed = most > 0 ? await TakeAsync(most, cancellationToken) : [];
                    onTheirWay.AddRange(claimed.Select(delivery => DeliverSafelyAsync(delivery, cancellationToken)));
                    taken = claimed.Count;
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    Log.QueueUnreadable(logger, failure);
                }

                if (taken == 0 || taken < most)
                {
                    await signal.WaitAsync(s_pollEvery, time, cancellationToken);
                }
            }
        }
        finally
        {
            await Task.WhenAll(onTheirWay);
        }
    }

    /// <summary>Takes what is due and sends it.</summary>
    /// <returns>How many deliveries were taken.</returns>
    internal async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(AtOnceMax, cancellationToken);
        await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, cancellationToken)));
        return taken.Count;
    }

    private async Task<IReadOnlyList<AlertDelivery>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var taken = await store.ClaimAsync(now, options.Value.Timeout + TimeSpan.FromSeconds(30), most, cancellationToken);
        if (now >= _purgeAt)
        {
            _purgeAt = now + s_purgeEvery;
            await store.PurgeAsync(now - options.Value.KeepFor, cancellationToken);
        }

        return taken;
    }

    /// <summary>
    /// When a delivery that failed is tried again: not before the receiver wants to be asked, if that is within a day. Up to a quarter later than
    /// the rule says, so that what failed together does not come back together.
    /// </summary>
    /// <param name="tries">How often it was tried.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">The options.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="spread">From 0 up to, and without, 1: chance.</param>
    internal static DateTimeOffset? Again(long tries, DateTimeOffset now, AlertOptions options, AlertFailure failure, double spread)
    {
        var wait = TimeSpan.FromTicks((long)(Math.Min(s_retryMax.Ticks, options.RetryFirst.Ticks * Math.Pow(4, tries - 1)) * (1 + (spread / 4))));
        var after = failure.After > s_afterMax ? s_afterMax : failure.After ?? TimeSpan.Zero;
        return failure.IsFinal || tries >= options.TriesMax ? null : now + (after > wait ? after + TimeSpan.FromTicks((long)(Math.Min(after.Ticks, s_retryMax.Ticks) * spread / 4)) : wait);
    }

    private double Spread()
    {
        Span<byte> random = stackalloc byte[4];
        ids.Fill(random);
        return BitConverter.ToUInt32(random) / (uint.MaxValue + 1.0);
    }

    private async Task DeliverSafelyAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(delivery, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends; the lease does too.
        }
        catch (Exception failure)
        {
            Log.QueueUnreadable(logger, failure);
        }
    }

    private async Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        // What cannot be read, and what no channel takes any more, does not get better by trying.
        var failed = delivery.Alert is not { } alert ? new AlertFailure("unreadable", IsFinal: true)
            : !_channels.TryGetValue(delivery.Channel, out var channel) ? new AlertFailure("no-such-channel", IsFinal: true)
            : await SendAsync(channel, alert, cancellationToken);
        if (failed is null)
        {
            metrics.Delivery(delivery.Channel, AlertStates.Sent);
            await store.CompleteAsync(delivery, cancellationToken);
            return;
        }

        var (failure, again) = (failed.Word, Again(delivery.Tries, time.GetUtcNow(), options.Value, failed, Spread()));
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

    private async Task<AlertFailure?> SendAsync(IAlertChannel channel, StoredAlert alert, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await channel.SendAsync(alert, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AlertFailure("timed-out");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A channel that fails in a way nobody foresaw must not keep the others from being told.
            Log.ChannelFailed(logger, channel.Name, failure);
            return new AlertFailure("failed");
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
