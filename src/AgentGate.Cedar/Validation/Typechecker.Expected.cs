using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <content>What a place takes, and what is said when it gets something else.</content>
internal sealed partial class Typechecker
{
    private delegate string? HelpFor(CedarType actual);

    private Typing Expect(Expr expression, Wanted wanted, HelpFor? help = null)
    {
        var actual = Check(expression);
        if (actual.Type is null)
        {
            return Typing.Failed(null);
        }

        if (Takes(wanted, actual.Type))
        {
            return actual;
        }

        ReportUnexpected(expression.Span, wanted, actual.Type, help?.Invoke(actual.Type));
        return Typing.Failed(null);
    }

    private static bool Takes(Wanted wanted, CedarType type) => type switch
    {
        CedarType.NeverType => true,
        CedarType.BoolType => wanted.HasFlag(Wanted.Bool),
        CedarType.LongType => wanted.HasFlag(Wanted.Long),
        CedarType.StringType => wanted.HasFlag(Wanted.String),
        CedarType.RecordType => wanted.HasFlag(Wanted.Record),
        CedarType.EntityType or CedarType.AnyEntityType => wanted.HasFlag(Wanted.Entity),
        CedarType.SetType set => wanted.HasFlag(Wanted.Set)
            || (wanted.HasFlag(Wanted.SetOfEntities) && set.Element is CedarType.EntityType or CedarType.AnyEntityType or CedarType.NeverType),
        CedarType.ExtensionType extension => wanted.HasFlag(extension.Kind switch
        {
            CedarValueKind.IpAddress => Wanted.IpAddress,
            CedarValueKind.Decimal => Wanted.Decimal,
            CedarValueKind.Datetime => Wanted.Datetime,
            _ => Wanted.Duration,
        }),
        _ => false,
    };

    private static string NameOf(Wanted wanted)
    {
        var names = new List<string>();
        Add(Wanted.Bool, "`Bool`");
        Add(Wanted.Long, "`Long`");
        Add(Wanted.String, "`String`");
        Add(Wanted.Datetime, "`datetime`");
        Add(Wanted.Duration, "`duration`");
        Add(Wanted.Decimal, "`decimal`");
        Add(Wanted.IpAddress, "`ipaddr`");
        Add(Wanted.Set, "a set");
        Add(Wanted.Entity, "an entity");
        Add(Wanted.SetOfEntities, "a set of entities");
        Add(Wanted.Record, "a record");
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

        void Add(Wanted part, string name)
        {
            if (wanted.HasFlag(part))
            {
                names.Add(name);
            }
        }
    }

    private void ReportUnexpected(SourceSpan span, Wanted wanted, CedarType actual, string? help)
        => findings.Report(ValidationFindingKind.UnexpectedType, span, $"expected {NameOf(wanted)}, but this is `{actual}`", help);

    private void ReportConflict(SourceSpan span, string rule, CedarType left, CedarType right, TypeConflict conflict)
        => findings.Report(ValidationFindingKind.IncompatibleTypes, span, $"{rule}: these are `{left}` and `{right}`", conflict switch
        {
            TypeConflict.EntityTypes => "use entities of one type; strict validation does not take different entity types together",
            TypeConflict.EntityAndRecord => "an entity is not the record of its attributes; compare the attributes one by one",
            TypeConflict.Attributes => "the records must have the same attributes",
            TypeConflict.Optionality => "an attribute that is optional on one side must be optional on the other",
            _ => null,
        });

    private static string? LikeHelp(CedarType actual) => actual switch
    {
        CedarType.EntityType or CedarType.AnyEntityType => "`like` compares strings; use `is` to test the type of an entity, `==` or `in` to test which it is",
        _ => null,
    };

    private static string? EmptyHelp(CedarType actual) => actual is CedarType.StringType ? "compare a string with `\"\"` to ask whether it is empty" : null;

    private static string? HasHelp(CedarType actual) => actual switch
    {
        CedarType.SetType => "use `.contains(…)` to ask whether a set has an element",
        CedarType.StringType => "use `like` to look inside a string",
        _ => null,
    };

    private static string? ContainsHelp(CedarType actual) => actual switch
    {
        CedarType.EntityType or CedarType.AnyEntityType => "use `in` to ask whether one entity is in another",
        CedarType.RecordType => "use `has` to ask whether a record has an attribute",
        CedarType.StringType => "use `like` to look inside a string",
        _ => null,
    };

    private static string? InHelp(CedarType actual) => actual switch
    {
        CedarType.SetType => "`in` takes entities only; use `.contains(…)` for other sets",
        CedarType.StringType => "`in` takes entities only; use `like` to look inside a string",
        _ => null,
    };

    private static string? ArithmeticHelp(CedarType actual) => actual switch
    {
        CedarType.StringType => "Cedar has no operator that joins strings",
        CedarType.SetType => "Cedar has no operators that make sets of sets; use `.containsAll(…)` or `.containsAny(…)` to compare them",
        CedarType.ExtensionType { Kind: CedarValueKind.Datetime or CedarValueKind.Duration } => "use `.offset(…)` and `.durationSince(…)` to calculate with time",
        _ => null,
    };
}
