using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Ends requests to /api that take longer than they may, slow bodies included. The doors have deadlines of their own; pages and their circuits
/// stay open. Not the framework's middleware: that has no clock that a test can set.
/// </summary>
internal sealed class ApiTimeBound(RequestDelegate next, IOptions<HttpOptions> options, TimeProvider time, GateMetrics metrics)
{
    public Task InvokeAsync(HttpContext context) => context.Request.Path.StartsWithSegments("/api") ? BoundAsync(context) : next(context);

    private async Task BoundAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        using var late = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, gone);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && late.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            metrics.Refusal("time", Codes.RequestTimedOut);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.RequestAborted = gone;
            context.Response.Clear();
            context.Response.Headers.Connection = "close";
            await Refusals.WriteAsync(
                context,
                new Denial(
                    Codes.RequestTimedOut,
                    $"The request took longer than {options.Value.RequestTimeout.TotalSeconds:0} seconds. What it asked may have been done; look before asking again.",
                    DenialKind.Unavailable));
        }
        finally
        {
            context.RequestAborted = gone;
        }
    }
}
