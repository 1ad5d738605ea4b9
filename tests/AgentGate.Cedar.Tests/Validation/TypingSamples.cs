using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>A schema with one of everything, and short ways to ask the validator about an expression.</summary>
internal static class TypingSamples
{
    public const string SchemaText = """
        type Address = { street: String, zip?: String };
        entity Status enum ["on", "off"];
        entity Team in [Team] { budget: Long };
        entity User in [Team] {
            name: String, age?: Long, home: Address, work?: Address, boss?: User, status: Status, joined: datetime, limit: decimal,
            friends: Set<User>, nums: Set<Long>, flags: Set<Bool>, rec: { a: Long, b?: String },
        } tags String;
        entity Bot { name: String, boss: Bot };
        entity Folder in [Folder] { name: String, rec: { a: Long, b: String } };
        entity File in [Folder] { owner: User, size: Long } tags Set<String>;
        action any;
        action view in [any] appliesTo {
            principal: User, resource: File,
            context: { ip: ipaddr, mfa?: Bool, n: Long, now: datetime, span?: duration, deep: { x?: { y?: { z: Long } } }, s: String, yes: Bool },
        };
        action edit in [view] appliesTo { principal: [User, Bot], resource: [File, Folder], context: { yes: Bool } };
        action nothing;
        """;

    public static CedarSchema Schema { get; } = CedarSchema.Parse(SchemaText);

    /// <summary>What the validator says of a policy with this condition, for the action <c>view</c>: its type, or the kind of the first error.</summary>
    public static string TypeOf(string expression, ValidationMode mode = ValidationMode.Strict)
    {
        // `x == x` keeps the expression itself unconstrained: a condition would have to be a boolean.
        var policy = PolicySet.Parse($"permit(principal, action, resource) when {{ ({expression}) == ({expression}) }};").Policies[0];
        var validator = new Validator(Schema);
        var view = validator.Environments.Single(static environment => environment.Action.Id == "view");
        var typed = validator.Infer(policy, view, mode);
        return typed.Errors.IsEmpty
            ? typed.TypeOf(((Expr.Binary)policy.Conditions[0].Body).Left)!.ToString()
            : typed.Errors[0].Kind.ToString();
    }

    public static ValidationResult Validate(string policies, ValidationMode mode = ValidationMode.Strict)
        => new Validator(Schema).Validate(PolicySet.Parse(policies), mode);

    /// <summary>The kinds of errors of a policy for the action <c>view</c> with this condition.</summary>
    public static ValidationFindingKind[] ErrorsOf(string condition, ValidationMode mode = ValidationMode.Strict)
        => [.. Validate($"permit(principal, action == Action::\"view\", resource) when {{ {condition} }};", mode).Errors.Select(static error => error.Kind)];

    public static ValidationFinding OnlyError(string policies)
    {
        var result = Validate(policies);
        return Assert.Single(result.Errors);
    }
}
