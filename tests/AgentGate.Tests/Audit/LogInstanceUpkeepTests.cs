using AgentGate.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Audit;

public sealed class LogInstanceUpkeepTests : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task A_log_that_hangs_does_not_keep_the_server_from_saying_that_it_is_there()
    {
        var (renewed, hung) = (0, new TaskCompletionSource());
        var upkeep = new LogInstanceUpkeep(
            s_period,
            _ =>
            {
                Interlocked.Increment(ref renewed);
                return new(false);
            },
            token => hung.Task.WaitAsync(token),
            _time,
            NullLogger.Instance).RunAsync(_stop.Token);

        for (var turn = 1; turn <= 5; turn++)
        {
            await TurnAsync(() => Volatile.Read(ref renewed) == turn);
        }

        await _stop.CancelAsync();
        await upkeep;
    }

    [Fact]
    public async Task Whatever_fails_is_tried_again_at_the_next_turn()
    {
        var (renewed, closed) = (0, 0);
        var upkeep = new LogInstanceUpkeep(
            s_period,
            _ => Interlocked.Increment(ref renewed) == 1 ? throw new OperationCanceledException() : new(true),
            _ => Interlocked.Increment(ref closed) == 1 ? throw new IOException() : Task.CompletedTask,
            _time,
            NullLogger.Instance).RunAsync(_stop.Token);

        for (var turn = 1; turn <= 3; turn++)
        {
            await TurnAsync(() => Volatile.Read(ref renewed) == turn && Volatile.Read(ref closed) == turn);
        }

        await _stop.CancelAsync();
        await upkeep;
    }

    public void Dispose() => _stop.Dispose();

    private async Task TurnAsync(Func<bool> isDone)
    {
        _time.Advance(s_period);
        for (var i = 0; i < 10_000 && !isDone(); i++)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.True(isDone());
    }
}
