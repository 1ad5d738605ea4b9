namespace AgentGate.Threats.Sql;

/// <summary>The words that have a place in the grammar, and classes of names.</summary>
internal enum SqlWord : byte
{
    /// <summary>Any other word.</summary>
    None,

    // Operators that are words.
    Or, And, Xor, Not, Like, Sounds, Is, In, Between, Div, Binary, Collate, Escape,

    // Values that are words.
    Null, True, False, Unknown,

    // Parts of a query.
    Union, All, Distinct, Select, From, Where, Group, Order, By, Having, Limit, Offset, Into, Outfile, For, Procedure, Analyse,
    Exists, Case, When, Then, Else, End, As, Join, On, Asc, Desc, Values, Set, Top, Identified, Immediate, Infile, Program, Using,

    // Statements.
    Insert, Update, Delete, Drop, Create, Alter, Truncate, Grant, Revoke, Exec, Declare, Begin, Shutdown, Merge, Replace, Call,
    Copy, Load, Waitfor, Delay, Use, With, Explain, Rename, Backup, Do, Print, Goto, If, Prepare, Show, Handler, Bulk,

    /// <summary>What a statement about the schema is about: table, user, function.</summary>
    Object,

    /// <summary>A function that only waits.</summary>
    Wait,

    /// <summary>A function that leaves the database, reads a file, or tells data through its error message.</summary>
    Leak,

    /// <summary>A function that tells who and where the database is.</summary>
    Tell,

    /// <summary>A function that takes values apart or puts them together.</summary>
    Shape,

    /// <summary>Other functions of arithmetic and conversion.</summary>
    Compute,

    /// <summary>A table, view, schema or package of the system itself.</summary>
    System,

    /// <summary>A word that only a sentence has in these places: an article, a pronoun, a preposition.</summary>
    Prose,
}
