namespace AgentGate.Pipeline;

/// <summary>What a tool declares one of its arguments to be; it decides what is normal there.</summary>
public enum ArgumentKind
{
    /// <summary>Nothing is declared, or free text: any interpreter may get it.</summary>
    Text,

    /// <summary>A whole SQL statement: being SQL is no attack, stacking and tautologies are.</summary>
    Sql,

    /// <summary>A file path: plain relative paths are normal.</summary>
    Path,

    /// <summary>An absolute URL.</summary>
    Url,

    /// <summary>Markup: elements are normal, script is not.</summary>
    Html,

    /// <summary>A whole shell command.</summary>
    Command,

    /// <summary>A bucket or an object in one, as <c>scheme://bucket/key</c>.</summary>
    Bucket,

    /// <summary>A network address or a range of them.</summary>
    Address,
}
