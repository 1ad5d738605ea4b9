using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Server.Health;

/// <summary>
/// Asks other services now and then whether they are well, and raises an alert when one fails several times in a row and when it is well again. What it
/// sees is held in this process; in a cluster each server looks by itself, and the queue of alerts tells the same thing once.
/// </summary>
internal sealed partial class DistributedHealthMonitor : BackgroundService, IHealthRemark
{
    private readonly HealthMonitorOptions _options;
    private readonly IAlerts _alerts;
    private readonly TimeProvider _time;
    private readonly ILogger<DistributedHealthMonitor> _logger;
    private readonly HttpMessageInvoker _http;
    private volatile TargetState[] _states;

    public DistributedHealthMonitor(HealthMonitorOptions options, IAlerts alerts, TimeProvider time, ILogger<DistributedHealthMonitor> logger, HttpMessageHandler? handler = null)
    {
        (_options, _alerts, _time, _logger) = (options, alerts, time, logger);
        _states = [.. options.Targets.Select(static target => new TargetState(target.Name, 0, null, null))];

        // Where the operator said and nowhere else: no redirect, no proxy, no cookie.
        _http = new HttpMessageInvoker(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxResponseHeadersLength = 16 });
    }

    public string? Remark
        => States.Count(IsFailing) is > 0 and var failing ? $"{Codes.MonitoredServiceFails}: {failing} of {_states.Length} services that this server watches fail." : null;

    /// <summary>Each service, as it was seen last.</summary>
    public IReadOnlyList<TargetState> States => _states;

    /// <summary>Whether a service fails for so long that somebody is told.</summary>
    public bool IsFailing(TargetState state) => state.Failures >= _options.FailureThreshold;

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <summary>Asks all of them once.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
        => _states = await Task.WhenAll(_options.Targets.Select((target, index) => LookAsync(target, _states[index], cancellationToken)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.IsEnabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(_options.Interval, _time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<TargetState> LookAsync(HealthTarget target, TargetState before, CancellationToken cancellationToken)
    {
        var failure = await AskAsync(target, cancellationToken);
        var now = before with { Failures = failure is null ? 0 : before.Failures + 1, Failure = failure, LookedAt = _time.GetUtcNow() };
        if (now.Failures == _options.FailureThreshold)
        {
            Log.Fails(_logger, target.Name, failure!, now.Failures);
            await RaiseAsync(target, AlertSeverity.High, "service-fails", "A watched service fails", "Look at the service; this server asks it again and again.", failure!, cancellationToken);
        }
        else if (failure is null && IsFailing(before))
        {
            Log.Recovered(_logger, target.Name);
            await RaiseAsync(target, AlertSeverity.High, "service-recovered", "A watched service is well again", "Nothing is left to do.", "none", cancellationToken);
        }

        return now;
    }

    private async Task<string?> AskAsync(HealthTarget target, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await target.AskAsync(_http, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timed-out";
        }
    }

    // The service is the source: alerts about two of them are not the same alert.
    private ValueTask RaiseAsync(HealthTarget target, AlertSeverity severity, string category, string title, string description, string failure, CancellationToken cancellationToken)
        => _alerts.RaiseAsync(
            new Alert
            {
                Severity = severity, Category = category, Source = target.Name, Title = title, Description = description,
                Details = [new AlertDetail("service", target.Name), new AlertDetail("failure", failure)],
            },
            cancellationToken);

    /// <summary>A service, as it was seen last. Immutable.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Failures">How often in a row it failed.</param>
    /// <param name="Failure">Why it failed last; <see langword="null"/> where it is well, or was not asked yet.</param>
    /// <param name="LookedAt">When it was asked last.</param>
    internal sealed record TargetState(string Name, int Failures, string? Failure, DateTimeOffset? LookedAt);

    private static partial class Log
    {
        [LoggerMessage(7023, LogLevel.Warning, Codes.MonitoredServiceFails + ": the service {Service} failed {Times} times in a row ({Failure}).")]
        public static partial void Fails(ILogger logger, string service, string failure, int times);

        [LoggerMessage(7024, LogLevel.Information, "The service {Service} is well again.")]
        public static partial void Recovered(ILogger logger, string service);
    }
}
