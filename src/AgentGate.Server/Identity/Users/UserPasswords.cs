using AgentGate.Identity;
using Microsoft.AspNetCore.Identity;

namespace AgentGate.Server.Identity.Users;

/// <summary>Makes hashes of the passwords that admins set. Thread-safe.</summary>
internal sealed class UserPasswords(IPasswordHasher<User> hasher)
{
    private const int LengthMin = 12;
    private const int LengthMax = 256;

    /// <summary>The hash, or why there is none.</summary>
    public Task<(string? Hash, IResult? Refusal)> HashAsync(User user, string password, CancellationToken cancellationToken)
        => Task.FromResult<(string?, IResult?)>(
            password.Length is < LengthMin or > LengthMax
                ? (null, UserRules.Unfit($"`password` has {LengthMin} to {LengthMax} characters.", "password"))
                : (hasher.HashPassword(user, password), null));
}
