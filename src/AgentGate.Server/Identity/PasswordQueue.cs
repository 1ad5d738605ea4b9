using AgentGate.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Hashes passwords, few at a time: a flood of sign-ins takes no processor from the calls of agents, and waits in a line of bounded length.
/// </summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // Nothing to dispose of: the wait handle of the semaphore is never asked for.
internal sealed class PasswordQueue(IPasswordHasher<User> hasher, IOptions<PasswordOptions> options)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turns = new(Parallel(options.Value));
    private int _waiting;
    private long _hashed;

    /// <summary>How many passwords were hashed since the start.</summary>
    public long Hashed => Interlocked.Read(ref _hashed);

    /// <summary>Compares a password, in turn.</summary>
    /// <returns>What came of it, or <see langword="null"/> where the line is too long.</returns>
    public Task<PasswordVerificationResult?> VerifyAsync(User user, string hash, string password, CancellationToken cancellationToken)
        => InTurnAsync<PasswordVerificationResult?>(() => hasher.VerifyHashedPassword(user, hash, password), cancellationToken);

    /// <summary>Hashes a new password, in turn.</summary>
    /// <returns>The hash, or <see langword="null"/> where the line is too long.</returns>
    public Task<string?> HashAsync(User user, string password, CancellationToken cancellationToken)
        => InTurnAsync<string?>(() => hasher.HashPassword(user, password), cancellationToken);

    private static int Parallel(PasswordOptions options) => options.Parallel > 0 ? options.Parallel : Math.Max(1, Environment.ProcessorCount / 2);

    private async Task<T?> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return default;
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            Interlocked.Increment(ref _hashed);
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }
}
