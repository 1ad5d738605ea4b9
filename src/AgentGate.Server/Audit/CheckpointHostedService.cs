using AgentGate.Audit;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Audit;

/// <summary>Publishes checkpoints of the logs that grew, and one more at the end.</summary>
internal sealed class CheckpointHostedService(CheckpointPublisher publisher, IOptions<SigningOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(LastChance, time);
        try
        {
            await publisher.PublishAllAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // A witness that does not answer does not keep a server from stopping; the next start asks it again.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckpointInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await publisher.PublishAllAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last checkpoint is StopAsync's.
        }
    }
}
