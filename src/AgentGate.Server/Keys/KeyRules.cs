using System.Buffers;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Keys;

/// <summary>What a user may put into a key: no scope that the user has not, an expiry within bounds, an agent for a principal.</summary>
internal static class KeyRules
{
    private static readonly SearchValues<char> s_agentCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    public const int DaysMin = 1;
    public const int DaysMax = 365;
    public const int DaysDefault = 90;

    /// <summary>The most good keys of one user.</summary>
    public const int KeysMax = 100;

    private const int NameMax = 100;
    private const int PrincipalMax = 70;
    private const string AgentPrefix = "agent_";

    /// <summary>What a caller may give.</summary>
    public static KeyCapabilities Capabilities(Caller caller)
        => new([.. caller.Principal.Scopes.Order(StringComparer.Ordinal)], MayGiveAll(caller), DaysMin, DaysMax, DaysDefault, KeysMax);

    /// <summary>What is wrong with a draft, or <see langword="null"/>; the scopes it asks for, where it is right or asks for too many.</summary>
    public static (string[] Scopes, IResult? Refusal) Check(KeyDraft draft, Caller caller)
    {
        if (draft.Name.Trim() is not { Length: > 0 and <= NameMax } || draft.Name.Any(char.IsControl))
        {
            return ([], Invalid($"`name` is a text of 1 to {NameMax} characters.", "name"));
        }

        if (draft.ExpiresInDays is < DaysMin or > DaysMax)
        {
            return ([], Invalid($"`expires_in_days` is a number from {DaysMin} to {DaysMax}.", "expires_in_days"));
        }

        if (draft.PrincipalId is { } principal && !IsAgent(principal))
        {
            return ([], Invalid("`principal_id` is \"agent_\" and 1 to 64 letters, digits, \"-\" or \"_\".", "principal_id"));
        }

        if (ScopesOf(draft.Scopes) is not { } scopes || scopes.Length == 0 || scopes.FirstOrDefault(scope => scope != ApiKey.AllScopes && !Scopes.All.Contains(scope)) is not null)
        {
            return ([], Invalid("`scopes` is an array or a text with commas, of scopes as GET /api/auth/api-keys/capabilities lists them.", "scopes"));
        }

        if (scopes.Contains(ApiKey.AllScopes))
        {
            return scopes.Length > 1 ? ([], Invalid("`*` stands alone.", "scopes"))
                : MayGiveAll(caller) ? (scopes, null)
                : (scopes, Beyond("`*` is for the roles admin and security_admin, signed in without a bound on their scopes."));
        }

        return Array.Find(scopes, scope => !caller.Principal.Scopes.Contains(scope)) is { } beyond
            ? (scopes, Beyond($"A key may do no more than who makes it, and your role does not carry \"{beyond}\"."))
            : (scopes, null);
    }

    /// <summary>Only who holds all of such a role's scopes gives all of them.</summary>
    private static bool MayGiveAll(Caller caller)
        => caller.Principal.Roles is [Roles.Admin or Roles.SecurityAdmin] && Roles.ScopesOf(caller.Principal.Roles[0]).IsSubsetOf(caller.Principal.Scopes);

    private static bool IsAgent(string text)
        => text.Length is > 6 and <= PrincipalMax && text.StartsWith(AgentPrefix, StringComparison.Ordinal)
            && text.AsSpan(AgentPrefix.Length).IndexOfAnyExcept(s_agentCharacters) < 0;

    private static string[]? ScopesOf(JsonElement? element)
    {
        IEnumerable<string?>? words = element switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [Scopes.Doors],
            { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null),
            _ => null,
        };
        return words?.ToArray() is { } all && !Array.Exists(all, word => word is null) ? [.. all.Select(word => word!).Distinct(StringComparer.Ordinal)] : null;
    }

    private static IResult Invalid(string detail, string field) => ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.KeyDraftInvalid, detail, field);

    private static IResult Beyond(string detail) => ApiProblem.Of(StatusCodes.Status403Forbidden, Codes.KeyBeyondOwner, detail, "scopes");
}
