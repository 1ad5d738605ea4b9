using System.Collections.Immutable;

namespace AgentGate.Dashboard.Playground;

/// <summary>
/// A visitor's way to the model door: real requests to this server's own routes, under keys of this visitor that end with
/// the circuit. One request at a time on each side.
/// </summary>
internal interface IPlaygroundDoor
{
    /// <summary>The installed guards in the order they run.</summary>
    IReadOnlyList<PlaygroundGuard> Guards { get; }

    /// <summary>Sends a message and tells what happens, as it happens. Never throws but for cancellation.</summary>
    /// <param name="message">The message, as the visitor typed it.</param>
    /// <param name="side">Through which gate.</param>
    /// <param name="off">The guards that the visitor switched off for itself; without the gate, all that can be are.</param>
    /// <param name="cancellationToken">Breaks the request off.</param>
    IAsyncEnumerable<PlaygroundEvent> SendAsync(
        string message, PlaygroundSide side, ImmutableArray<string> off, CancellationToken cancellationToken);
}

/// <summary>An installed guard.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CanSkip">Whether a visitor may switch it off for itself.</param>
internal sealed record PlaygroundGuard(string Name, bool CanSkip);

/// <summary>Which of the two calls.</summary>
internal enum PlaygroundSide
{
    /// <summary>The call as everybody makes it.</summary>
    Gated,

    /// <summary>The same call without the guards that can be skipped.</summary>
    Open,
}
