using AgentGate.Alerts;

namespace AgentGate.Server.Alerts;

/// <summary>Runs the delivery of alerts beside the requests.</summary>
internal sealed class AlertService(AlertDispatcher dispatcher) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await dispatcher.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}
