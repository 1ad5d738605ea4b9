using System.CommandLine;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>The arguments and options that several commands share.</summary>
internal static class PolicyOptions
{
    public static Argument<string[]> Files(string description) => new("FILE") { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON." };

    public static Option<string?> Schema() => new("--schema") { Description = "A schema, in Cedar syntax or JSON.", HelpName = "FILE" };

    public static Option<string> Ids()
    {
        var option = new Option<string>("--ids")
        {
            Description = "Where policy ids come from: `position` (policy0, policy1, ...) or `annotation` (@id).",
            DefaultValueFactory = _ => "position",
            HelpName = "position|annotation",
        };
        return option.AcceptOnlyFromAmong("position", "annotation");
    }

    public static PolicyIdSource IdSource(this ParseResult line, Option<string> option)
        => line.GetValue(option) == "annotation" ? PolicyIdSource.IdAnnotation : PolicyIdSource.Position;
}
