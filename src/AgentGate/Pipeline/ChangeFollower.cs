using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// Keeps what this process holds in memory as the store has it, whoever changed it. The version is read before the data, so that a change
/// between the two is read twice and never missed; what fails is tried again until it succeeds. Each follower goes on by itself: one that
/// hangs delays no other, and what is in force is as old as the oldest of them.
/// </summary>
/// <remarks>Used by one caller: <see cref="RunAsync"/> runs once.</remarks>
internal sealed partial class ChangeFollower
{
    private readonly IChangeFeed _feed;
    private readonly Followed[] _followers;
    private readonly ChangeOptions _options;
    private readonly TimeProvider _time;
    private readonly KnowledgeAge _age;
    private readonly ChangeMetrics _metrics;
    private readonly ILogger<ChangeFollower> _logger;
    private volatile bool _failing;
    private volatile bool _wasTooOld;

    /// <param name="feed">What tells of changes.</param>
    /// <param name="followers">What is held in memory.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="age">Who is told that all is current.</param>
    /// <param name="metrics">What counts.</param>
    /// <param name="logger">Where failures are told.</param>
    public ChangeFollower(
        IChangeFeed feed,
        IEnumerable<IFollowChanges> followers,
        ChangeOptions options,
        TimeProvider time,
        KnowledgeAge age,
        ChangeMetrics metrics,
        ILogger<ChangeFollower> logger)
    {
        (_feed, _followers, _options, _time, _age, _metrics, _logger) = (feed, [.. followers.Select(static one => new Followed(one))], options, time, age, metrics, logger);
        metrics.Age = () => age.Age.TotalSeconds;
    }

    /// <summary>Follows until it is cancelled. Never throws anything else: what fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await FollowAsync(cancellationToken) || IsReading)
                {
                    await _feed.WaitAsync(_options.PollEvery, cancellationToken);
                    continue;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Failed("wait", failure);
            }

            try
            {
                await Task.Delay(_options.PollEvery, _time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether something is still being read, so that the next row need not wait as after a failure.</summary>
    private bool IsReading => _followers.Any(static one => !one.Reading.IsCompleted);

    /// <summary>
    /// Reads the versions once, and again what changed. What takes longer than <see cref="ChangeOptions.PollEvery"/> goes on beside the next row.
    /// </summary>
    /// <returns>Whether everything is current as of the beginning of this call.</returns>
    internal async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        // INVARIANT: the moment is taken before the versions, and the versions before the data.
        var began = _time.GetTimestamp();
        IReadOnlyDictionary<string, long> versions;
        try
        {
            versions = await _feed.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed("versions", failure);
            return false;
        }

        foreach (var one in _followers.Where(static one => one.Reading.IsCompleted))
        {
            // What was never applied here is read once, whatever its version: the start may have read it before the version.
            var version = versions.GetValueOrDefault(one.Follower.Topic);
            if (one.Applied == version)
            {
                one.CurrentAsOf = began;
            }
            else
            {
                one.Reading = ReloadAsync(one, version, began, cancellationToken);
            }
        }

        await FirstAsync(Task.WhenAll(_followers.Select(static one => one.Reading)), cancellationToken);
        return Confirm(began, versions);
    }

    /// <summary>Waits until all of it is read, and no longer than until the next row is due.</summary>
    private async Task FirstAsync(Task reading, CancellationToken cancellationToken)
    {
        if (!reading.IsCompleted)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(reading, Task.Delay(_options.PollEvery, _time, end.Token));
            await end.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>What is in force is current as of the moment that all of it is.</summary>
    private bool Confirm(long began, IReadOnlyDictionary<string, long> versions)
    {
        var oldest = _followers.Length == 0 ? began : _followers.Min(static one => one.CurrentAsOf ?? long.MinValue);
        if (oldest != long.MinValue)
        {
            _age.Confirm(oldest);
        }

        if (oldest < began || _followers.Any(one => one.Applied != versions.GetValueOrDefault(one.Follower.Topic)))
        {
            TellAge();
            return false;
        }

        if (_failing)
        {
            (_failing, _wasTooOld) = (false, false);
            Log.Current(_logger);
        }

        return true;
    }

    /// <summary>Never throws: a cancelled reading has applied nothing.</summary>
    private async Task ReloadAsync(Followed one, long version, long began, CancellationToken cancellationToken)
    {
        try
        {
            await one.Follower.ReloadAsync(cancellationToken);
            (one.Applied, one.CurrentAsOf) = (version, began);
            _metrics.Reloaded(one.Follower.Topic);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception failure)
        {
            Failed(one.Follower.Topic, failure);
        }
    }

    /// <summary>The first failure of a row is told, and the moment from which on everything is denied; each one is counted.</summary>
    private void Failed(string what, Exception failure)
    {
        _metrics.Failed(what);
        if (!_failing)
        {
            _failing = true;
            Log.Failing(_logger, what, failure);
        }

        TellAge();
    }

    private void TellAge()
    {
        if (_age.IsTooOld && !_wasTooOld)
        {
            (_failing, _wasTooOld) = (true, true);
            Log.TooOld(_logger, _options.StaleAfter.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4500, LogLevel.Warning, Codes.ChangesNotRead + ": what other servers changed cannot be read ({What}); it is tried again until it can.")]
        public static partial void Failing(ILogger logger, string what, Exception failure);

        [LoggerMessage(4501, LogLevel.Critical, Codes.KnowledgeTooOld + ": for {Seconds} seconds the store has not said what other servers changed. What is in force may have been taken back, so every call is denied until the store answers.")]
        public static partial void TooOld(ILogger logger, double seconds);

        [LoggerMessage(4502, LogLevel.Information, "What other servers changed is read again; everything in force is current.")]
        public static partial void Current(ILogger logger);
    }

    /// <summary>One follower and how far it is.</summary>
    private sealed class Followed(IFollowChanges follower)
    {
        public IFollowChanges Follower => follower;

        /// <summary>The version that was applied here, or <see langword="null"/> before the first time.</summary>
        public long? Applied { get; set; }

        /// <summary>The moment of the clock that what is in force is known to be current as of.</summary>
        public long? CurrentAsOf { get; set; }

        /// <summary>The reading under way, or the last one.</summary>
        public Task Reading { get; set; } = Task.CompletedTask;
    }
}
