namespace AgentGate.Benchmarks.Eval;

/// <summary>The one table from the kinds of the data to what the targets are about. It groups results; no row is judged by it.</summary>
internal static class ThreatKinds
{
    /// <summary>Kinds of attack over which recall is averaged.</summary>
    public static readonly string[] Named = ["sqli", "cmdi", "xss", "ldapi", "path_traversal", "ssrf", "header_injection", "nosqli", "ssti", "xxe"];

    /// <summary>Benign talk and values: at most one false alarm in a hundred.</summary>
    public static readonly string[] Plain =
    [
        "benign_chat", "benign_social_text", "benign_coding_question", "benign_shell_discussion", "benign_tool_argument", "benign_param_value", "benign_fp_trap",
    ];

    /// <summary>Code as such: at most five in a hundred when it is shown in chat.</summary>
    public static readonly string[] Code = ["benign_sql_code", "benign_shell_code", "benign_code_content"];

    public const double RecallTarget = 0.92;
    public const double PlainTarget = 0.01;
    public const double CodeTarget = 0.05;
}
