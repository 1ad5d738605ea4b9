namespace AgentGate.Cedar.Validation;

/// <summary>The things a validator finds. A closed set.</summary>
public enum ValidationFindingKind
{
    /// <summary>An entity type the schema does not know.</summary>
    UnrecognizedEntityType,

    /// <summary>An action the schema does not know.</summary>
    UnrecognizedActionId,

    /// <summary>No action the scope allows applies to principals and resources the scope allows. An error in strict mode, a warning in permissive mode.</summary>
    InvalidActionApplication,

    /// <summary>An expression of the wrong type.</summary>
    UnexpectedType,

    /// <summary>Types that must agree and do not.</summary>
    IncompatibleTypes,

    /// <summary>An attribute or tag that may be missing, used without <c>has</c> or <c>hasTag</c>.</summary>
    UnsafeOptionalAccess,

    /// <summary>An attribute the type does not have.</summary>
    UnsafeAttributeAccess,

    /// <summary>A tag of a type without tags.</summary>
    UnsafeTagAccess,

    /// <summary>A wrong number of arguments.</summary>
    WrongNumberOfArguments,

    /// <summary>An extension constructor applied to something that is not a literal.</summary>
    NonLiteralExtensionConstructor,

    /// <summary>An extension constructor whose literal it cannot read.</summary>
    ExtensionArgument,

    /// <summary>A set literal without elements, whose type nobody can tell.</summary>
    EmptySetForbidden,

    /// <summary>An entity id that the enumerated entity type does not have.</summary>
    InvalidEnumEntity,

    /// <summary>An <c>in</c> between types that are never in one another.</summary>
    HierarchyNotRespected,

    /// <summary>An expression deeper than the validator follows.</summary>
    TooDeep,

    /// <summary>A warning: the policy applies to no request.</summary>
    ImpossiblePolicy,

    /// <summary>A warning: letters that look like others, or text that hides its direction.</summary>
    ConfusableText,
}
