using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Users;

/// <summary>
/// Who may change what about whom. Whoever gives something has it: a role, an account that is active, a password by which one becomes
/// the user, an address that one's provider vouches for. And nobody touches the account of who may do more.
/// </summary>
internal static class UserRules
{
    private const int NameMax = 100;

    /// <summary>What is wrong with a draft, or <see langword="null"/>.</summary>
    public static IResult? Check(UserDraft draft) => Email(draft.Email) ?? Name(draft.Name) ?? Role(draft.Role);

    /// <summary>What is wrong with a change, or <see langword="null"/>.</summary>
    public static IResult? Check(UserPatch patch)
        => patch is { Email: null, Name: null, Role: null, IsActive: null, Password: null }
            ? Unfit("Name what is to change: `email`, `name`, `role`, `is_active` or `password`.", "body")
            : (patch.Email is { } email ? Email(email) : null) ?? (patch.Name is { } name ? Name(name) : null) ?? (patch.Role is { } role ? Role(role) : null);

    /// <summary>Why a change is not made to the own account, or <see langword="null"/>.</summary>
    public static IResult? OnOneself(Caller caller, User user, UserPatch patch)
        => user.Id != caller.Principal.Id ? null
            : patch.Password is not null ? Oneself("The own password is changed with POST /api/auth/password.")
            : patch.IsActive is false ? Oneself("Nobody deactivates the own account.")
            : null;

    /// <summary>Why a caller may not make a change of a user, or <see langword="null"/>.</summary>
    /// <param name="caller">Who wants it.</param>
    /// <param name="user">The user as it is.</param>
    /// <param name="may">What the user may do, by role and by name.</param>
    /// <param name="patch">The change.</param>
    public static IResult? Refusal(Caller caller, User user, IReadOnlySet<string> may, UserPatch patch)
    {
        var scopes = caller.Principal.Scopes;
        if (may.IsProperSupersetOf(scopes))
        {
            return Beyond("This user may do more than you; only who may do all of it changes the account.");
        }

        if (Roles.Parse(patch.Role) is { } role && role != user.Role && !Has(scopes, role))
        {
            return Beyond($"The role {role} may do more than you: nobody gives what they have not.");
        }

        // Becoming the user, letting it back in, or vouching for the address by which a provider signs in to it, is giving what it may.
        var takesOver = patch.Password is not null || patch.IsActive is true || patch.Email is not null;
        return takesOver && user.Id != caller.Principal.Id && !may.IsSubsetOf(scopes)
            ? Beyond("The user may do things that you may not: the password, address and activation are for who may do all of it.")
            : null;
    }

    /// <summary>Why a caller may not make a user of a role, or <see langword="null"/>.</summary>
    public static IResult? Refusal(Caller caller, string role)
        => Has(caller.Principal.Scopes, role) ? null : Beyond($"The role {role} may do more than you: nobody gives what they have not.");

    /// <summary>An answer that the name of a field goes with.</summary>
    public static IResult Unfit(string detail, string field) => ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, Codes.UserInvalid, detail, field);

    /// <summary>The refusal of what nobody does to oneself.</summary>
    public static IResult Oneself(string detail) => ApiProblem.Of(StatusCodes.Status409Conflict, Codes.NotOneself, detail);

    private static bool Has(IEnumerable<string> scopes, string role) => Roles.ScopesOf(role).IsSubsetOf(scopes);

    private static IResult Beyond(string detail) => ApiProblem.Of(StatusCodes.Status403Forbidden, Codes.GivesBeyondOwn, detail);

    private static IResult? Email(string email)
        => EmailAddress.IsOne(email) ? null : Unfit($"`email` is an address such as name@example.org, of at most {EmailAddress.LengthMax} characters.", "email");

    private static IResult? Name(string name)
        => name.Trim().Length is > 0 and <= NameMax && !name.Any(char.IsControl) ? null : Unfit($"`name` is a text of 1 to {NameMax} characters.", "name");

    private static IResult? Role(string role)
        => Roles.Parse(role) is not null ? null : Unfit($"`role` is one of {string.Join(", ", Roles.All)}.", "role");
}
