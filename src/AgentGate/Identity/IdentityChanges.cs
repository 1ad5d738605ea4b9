namespace AgentGate.Identity;

/// <summary>Tells this process at once that something about users or sign-in sessions changed here. The stores raise it; nobody else has to think of it.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class IdentityChanges
{
    /// <summary>Something changed: what was read before may be wrong.</summary>
    public event Action? Changed;

    /// <summary>Says so.</summary>
    public void Raise() => Changed?.Invoke();
}
