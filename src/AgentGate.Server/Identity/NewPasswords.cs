using AgentGate.Diagnostics;
using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Judges and hashes new passwords, in turn.</summary>
internal sealed class NewPasswords(PasswordRules rules, PasswordQueue queue)
{
    /// <summary>The hash of a new password, or the refusal.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="password">The password.</param>
    /// <param name="field">The member of the body that holds it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<(string? Hash, IResult? Problem)> HashAsync(User user, string password, string field, CancellationToken cancellationToken)
    {
        if (rules.Fault(user, password) is { } fault)
        {
            return (null, AccountProblem.Of(Codes.PasswordRefused, fault, field));
        }

        return await queue.HashAsync(user, password, cancellationToken) is { } hash
            ? (hash, null)
            : (null, AccountProblem.Of(Codes.PasswordQueueFull, "Too many people sign in at this moment. Come again in a few seconds.", retryAfter: TimeSpan.FromSeconds(5)));
    }
}
