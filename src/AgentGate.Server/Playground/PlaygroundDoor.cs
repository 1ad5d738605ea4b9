using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using AgentGate.Dashboard.Playground;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Providers.Demo;
using Microsoft.AspNetCore.Components.Authorization;

namespace AgentGate.Server.Playground;

/// <summary>One circuit's way to the model door. Its keys are made with the first message and end with the circuit.</summary>
internal sealed class PlaygroundDoor(
    Gate gate, GateEventHub hub, VisitorKeys keys, PlaygroundClient client, DemoRecord demo, IOwnBudget budget, ISignIns signIns, AuthenticationStateProvider user)
    : IPlaygroundDoor, IDisposable
{
    private VisitorKeys.Issued? _gated;
    private VisitorKeys.Issued? _open;
    private bool _disposed;

    public IReadOnlyList<PlaygroundGuard> Guards { get; } =
        [.. gate.RequestGuards.Concat(gate.ResponseGuards).DistinctBy(guard => guard.Name).OrderBy(guard => guard.Order)
            .Select(guard => new PlaygroundGuard(guard.Name, GuardSkipping.Names.Contains(guard.Name, StringComparer.Ordinal)))];

    public async IAsyncEnumerable<PlaygroundEvent> SendAsync(
        string message, PlaygroundSide side, ImmutableArray<string> off, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await signIns.IsGoodAsync((await user.GetAuthenticationStateAsync()).User, cancellationToken))
        {
            yield return new PlaygroundEvent.Refused(Codes.SignInNeeded, "The sign-in has ended. Open a new sign-in link.", null);
            yield break;
        }

        var key = KeyOf(side);
        key.Skipped = side == PlaygroundSide.Open
            ? [.. Guards.Where(guard => guard.CanSkip).Select(guard => guard.Name)]
            : [.. off.Where(name => Guards.Any(guard => guard.CanSkip && guard.Name == name))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var listener = hub.Listen(key.Principal);
        var shown = Channel.CreateUnbounded<PlaygroundEvent>(new UnboundedChannelOptions { SingleReader = true });
        var told = TellAsync(listener, shown.Writer);
        var sent = SendAsync(message, key, listener, told, shown.Writer, stop.Token);
        try
        {
            await foreach (var happened in shown.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await sent;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _gated?.Dispose();
        _open?.Dispose();
    }

    private VisitorKeys.Issued KeyOf(PlaygroundSide side)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _gated ??= keys.Issue(keys.NewPrincipalId(), Tenant);
        return side == PlaygroundSide.Gated ? _gated : _open ??= keys.Issue(_gated.Principal.Id + "_open", Tenant);
    }

    private const string Tenant = "default";

    private static async Task TellAsync(GateEventHub.Listener listener, ChannelWriter<PlaygroundEvent> shown)
    {
        await foreach (var heard in listener.Heard.ReadAllAsync())
        {
            shown.TryWrite(new PlaygroundEvent.Gate(heard));
        }
    }

    private async Task SendAsync(
        string message, VisitorKeys.Issued key, GateEventHub.Listener listener, Task told, ChannelWriter<PlaygroundEvent> shown, CancellationToken cancellationToken)
    {
        var callId = default(string?);
        try
        {
            await foreach (var happened in client.SendAsync(message, key.Text, cancellationToken))
            {
                shown.TryWrite(happened);
                if (happened is PlaygroundEvent.Answered { CallId: { } answered } && callId is null)
                {
                    callId = answered;
                    if (demo.Find(answered) is { } received)
                    {
                        shown.TryWrite(new PlaygroundEvent.Received(Encoding.UTF8.GetString(received.Body.Span)));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The visitor left, or broke the call off.
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or InvalidOperationException)
        {
            shown.TryWrite(new PlaygroundEvent.Refused(Codes.PlaygroundUnreachable, "The server's own door could not be reached, or the answer broke off.", null));
        }
        finally
        {
            // What nobody masked is shown once and kept nowhere.
            demo.RemoveUnmasked(callId);
            listener.Dispose();
            await told;
            if (key == _gated && await budget.TightestOfAsync(key.Principal, CancellationToken.None) is { } left)
            {
                shown.TryWrite(new PlaygroundEvent.Budget(left.RemainingUsd, left.LimitUsd));
            }

            if (listener.Lost > 0)
            {
                shown.TryWrite(new PlaygroundEvent.Lost(listener.Lost));
            }

            shown.TryComplete();
        }
    }
}
