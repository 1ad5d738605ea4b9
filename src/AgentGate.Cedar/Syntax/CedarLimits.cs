namespace AgentGate.Cedar.Syntax;

/// <summary>What hostile input is held to, everywhere. Exceeding one is an error of the stage, never a stack overflow.</summary>
public static class CedarLimits
{
    /// <summary>How deep expressions, types and the nodes over them may be nested, operator chains included.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>How deep JSON documents may be nested.</summary>
    public const int MaxJsonDepth = 512;

    /// <summary>How deep values may be nested: what JSON may hold, and what an expression may build around it.</summary>
    public const int MaxValueDepth = 2_048;

    /// <summary>How many UTF-16 code units one policy or schema text may hold.</summary>
    public const int MaxTextLength = 64 * 1024 * 1024;

    /// <summary>How many parts a type of a schema may have once the common types are put in where they are named.</summary>
    public const int MaxTypeSize = 1_000_000;

    /// <summary>How many ancestors the entities of one store may have, added up: a chain of entities has a quadratic number.</summary>
    public const int MaxAncestors = 2_000_000;
}
