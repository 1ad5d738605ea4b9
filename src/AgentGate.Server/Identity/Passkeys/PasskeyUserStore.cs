using System.Buffers.Text;
using AgentGate.Identity;
using Microsoft.AspNetCore.Identity;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>
/// Shows our users and passkeys to the passkey handler of ASP.NET Core Identity, which asks for them and never changes any: what it found out
/// is stored by <see cref="PasskeyCeremonies"/>, over what stood there.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PasskeyUserStore(IUserDirectory users, IPasskeys passkeys) : IUserPasskeyStore<User>
{
    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) => users.FindAsync(userId, cancellationToken);

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
        => await passkeys.FindAsync(TextOf(credentialId), cancellationToken) is { } found ? await users.FindAsync(found.UserId, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken)
        => await passkeys.FindAsync(TextOf(credentialId), cancellationToken) is { } found && found.UserId == user.Id && found.Tenant == user.Tenant ? Info(found) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken)
        => [.. (await passkeys.ListAsync(user.Tenant, user.Id, cancellationToken)).Select(Info)];

    public Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Unasked();

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw Unasked();

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw Unasked();

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => throw Unasked();

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => throw Unasked();

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw Unasked();

    public void Dispose()
    {
        // Nothing is held.
    }

    /// <summary>A credential id as it is kept and sent: base64url without padding.</summary>
    public static string TextOf(ReadOnlySpan<byte> credentialId) => Base64Url.EncodeToString(credentialId);

    private static UserPasskeyInfo Info(Passkey passkey) => new(
        Base64Url.DecodeFromChars(passkey.Id),
        [.. passkey.PublicKey],
        passkey.CreatedAt,
        passkey.SignCount,
        [.. passkey.Transports],
        isUserVerified: true,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);

    private static NotSupportedException Unasked() => new("Users and passkeys are changed by their own services.");
}
