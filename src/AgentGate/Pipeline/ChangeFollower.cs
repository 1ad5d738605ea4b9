using System.Collections.Concurrent;
using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// Keeps what this process holds in memory as the store has it, whoever changed it. The version is read before the data, so that a change
/// between the two is read twice and never missed; what fails is tried again until it succeeds.
/// </summary>
/// <remarks>Used by one caller: <see cref="RunAsync"/> runs once.</remarks>
internal sealed partial class ChangeFollower
{
    private readonly IChangeFeed _feed;
    private readonly IFollowChanges[] _followers;
    private readonly ChangeOptions _options;
    private readonly TimeProvider _time;
    private readonly KnowledgeAge _age;
    private readonly ChangeMetrics _metrics;
    private readonly ILogger<ChangeFollower> _logger;
    private readonly ConcurrentDictionary<IFollowChanges, long> _applied = new();
    private bool _failing;
    private bool _wasTooOld;

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
        (_feed, _followers, _options, _time, _age, _metrics, _logger) = (feed, [.. followers], options, time, age, metrics, logger);
        metrics.Age = () => age.Age.TotalSeconds;
    }

    /// <summary>Follows until it is cancelled. Never throws anything else: what fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await FollowAsync(cancellationToken))
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

    /// <summary>Reads the versions once, and again what changed.</summary>
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

        // What was never applied here is read once, whatever its version: the start may have read it before the version.
        var changed = _followers.Where(one => !_applied.TryGetValue(one, out var applied) || applied != versions.GetValueOrDefault(one.Topic));
        var current = await Task.WhenAll(changed.Select(one => ReloadAsync(one, versions.GetValueOrDefault(one.Topic), cancellationToken)));
        if (current.Contains(false))
        {
            return false;
        }

        _age.Confirm(began);
        if (_failing)
        {
            (_failing, _wasTooOld) = (false, false);
            Log.Current(_logger);
        }

        return true;
    }

    private async Task<bool> ReloadAsync(IFollowChanges follower, long version, CancellationToken cancellationToken)
    {
        try
        {
            await follower.ReloadAsync(cancellationToken);
            _applied[follower] = version;
            _metrics.Reloaded(follower.Topic);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed(follower.Topic, failure);
            return false;
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

        if (_age.IsTooOld && !_wasTooOld)
        {
            _wasTooOld = true;
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
}
