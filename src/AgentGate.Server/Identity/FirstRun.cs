using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Whether the first user has still to be made. Asked of the directory until there is one; then it is known for good, because users are never deleted.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FirstRun(IUserDirectory users)
{
    private volatile bool _isOver;

    /// <summary>Whether there is no user yet.</summary>
    public async ValueTask<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        if (!_isOver && await users.CountAsync(cancellationToken) > 0)
        {
            _isOver = true;
        }

        return !_isOver;
    }
}
