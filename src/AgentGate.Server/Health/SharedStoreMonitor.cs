using System.Collections.Frozen;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Server.Health;

/// <summary>Asks every shared store each second whether it answers, so that the health page answers at once. Thread-safe.</summary>
internal sealed partial class SharedStoreMonitor(IEnumerable<ISharedStore> stores, TimeProvider time, ILogger<SharedStoreMonitor> logger)
    : BackgroundService, IHealthRemark
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly List<ISharedStore> _stores = [.. stores];
    private volatile FrozenDictionary<string, bool> _answers = FrozenDictionary<string, bool>.Empty;

    /// <summary>Each store, with <c>ok</c> or <c>unreachable</c>. Empty in the embedded profile.</summary>
    public IReadOnlyDictionary<string, string> States
        => _stores.ToDictionary(store => store.Name, store => _answers.GetValueOrDefault(store.Name, true) ? "ok" : "unreachable", StringComparer.Ordinal);

    public string? Remark
        => _answers.Where(answer => !answer.Value).Select(answer => answer.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } lost
            ? $"{Codes.SharedStoreLost}: {string.Join(" and ", lost)} cannot be reached; what depends on it behaves as declared."
            : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_stores.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                var answers = await Task.WhenAll(_stores.Select(async store => (store.Name, Answers: await AnswersAsync(store, stoppingToken))));
                Report(answers);
                _answers = answers.ToFrozenDictionary(answer => answer.Name, answer => answer.Answers, StringComparer.Ordinal);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private void Report(IEnumerable<(string Name, bool Answers)> answers)
    {
        foreach (var (name, ok) in answers)
        {
            if (ok != _answers.GetValueOrDefault(name, true))
            {
                if (ok)
                {
                    Log.StoreIsBack(logger, name);
                }
                else
                {
                    Log.StoreIsLost(logger, name);
                }
            }
        }
    }

    private async Task<bool> AnswersAsync(ISharedStore store, CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        deadline.CancelAfter(Deadline);
        try
        {
            await store.CheckAsync(deadline.Token).WaitAsync(Deadline, time, stoppingToken);
            return true;
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7019, LogLevel.Error, "The shared store {Store} cannot be reached.")]
        public static partial void StoreIsLost(ILogger logger, string store);

        [LoggerMessage(7025, LogLevel.Warning, "The shared store {Store} answers again.")]
        public static partial void StoreIsBack(ILogger logger, string store);
    }
}
