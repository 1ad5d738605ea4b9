namespace AgentGate.Pipeline;

/// <summary>A store that servers share, for the health page. Thread-safe.</summary>
internal interface ISharedStore
{
    /// <summary>What it is, for example <c>postgresql</c>. Never an address.</summary>
    string Name { get; }

    /// <summary>Asks it whether it answers.</summary>
    /// <param name="cancellationToken">The deadline.</param>
    /// <exception cref="Exception">It does not; nothing of the exception is shown to callers.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
