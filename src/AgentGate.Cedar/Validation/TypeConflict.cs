namespace AgentGate.Cedar.Validation;

/// <summary>Why two types have no type in common.</summary>
internal enum TypeConflict
{
    /// <summary>They are of different sorts.</summary>
    Kind,

    /// <summary>Different entity types, which only permissive validation takes together.</summary>
    EntityTypes,

    /// <summary>One is an entity, the other a record.</summary>
    EntityAndRecord,

    /// <summary>Records with different attributes.</summary>
    Attributes,

    /// <summary>An attribute is optional in one record and required in the other.</summary>
    Optionality,
}
