using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Server.Identity;

/// <summary>Pseudonymous ids of users, and what every new user has to be.</summary>
internal static class UserIds
{
    private const int NameMax = 120;

    /// <summary>A new id: <c>user_</c> and 32 random hex digits.</summary>
    public static string Create(IIdSource ids)
    {
        Span<byte> random = stackalloc byte[16];
        ids.Fill(random);
        return "user_" + Convert.ToHexStringLower(random);
    }

    /// <summary>What is wrong with a user, or <see langword="null"/>.</summary>
    public static (string Detail, string Field)? Fault(User user)
        => !EmailAddress.IsOne(user.Email) ? ("`email` is an e-mail address in plain ASCII.", "email")
            : user.Name.Length is 0 or > NameMax || user.Name.Any(char.IsControl) ? ($"`name` has 1 to {NameMax} characters and no control characters.", "name")
            : Roles.Parse(user.Role) is null ? ($"`role` is one of {string.Join(", ", Roles.All)}.", "role")
            : null;
}
