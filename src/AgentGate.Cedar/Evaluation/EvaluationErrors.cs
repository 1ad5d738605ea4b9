using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>Puts the errors of evaluation into words. Apart from evaluation, so that failing costs nothing until somebody reads it.</summary>
internal static class EvaluationErrors
{
    public static EvaluationError Describe(Policy policy, in EvaluationFrame frame)
        => new(policy.Id, frame.Error, Describe(policy.Source, frame) with { PolicyId = policy.Id });

    public static CedarDiagnostic Describe(string? source, in EvaluationFrame frame)
    {
        var (message, help) = Words(frame.Error, frame.Expected, frame.Found);
        return source is not null && frame.ErrorAt is { } at ? CedarDiagnostic.At(source, at.Span, message, help) : new CedarDiagnostic(message) { Help = help };
    }

    private static (string Message, string? Help) Words(EvaluationErrorKind kind, string? expected, object? found) => kind switch
    {
        EvaluationErrorKind.TypeError => ($"expected {expected}, found {((CedarValueKind)found!).ToCedarName()}", TypeHelp(expected, (CedarValueKind)found)),
        EvaluationErrorKind.EntityDoesNotExist
            => ($"`{found}` is not among the entities", "pass the entity with the request, or test `has` or `hasTag` first"),
        EvaluationErrorKind.EntityAttributeDoesNotExist => ($"`{found}` has no attribute `{expected}`", "test `has` first"),
        EvaluationErrorKind.RecordAttributeDoesNotExist => ($"the record has no attribute `{expected}`", "test `has` first"),
        EvaluationErrorKind.EntityTagDoesNotExist => ($"`{found}` has no tag `{expected}`", "test `hasTag` first"),
        EvaluationErrorKind.IntegerOverflow => ($"`{expected}` does not fit into 64 bits", null),
        EvaluationErrorKind.ExtensionError when found is string text => ($"`{text}` cannot be read", $"expected {expected}"),
        EvaluationErrorKind.ExtensionError => (expected ?? "the value is out of range", null),
        EvaluationErrorKind.WrongNumberOfArguments => ($"`{expected}` is called with a wrong number of arguments", null),
        _ => ($"the expression is deeper than {CedarLimits.MaxDepth} levels", null),
    };

    private static string? TypeHelp(string? expected, CedarValueKind found) => (expected, found) switch
    {
        ("ipaddr", CedarValueKind.String) => "write `ip(\"…\")`",
        ("decimal" or "datetime" or "duration", CedarValueKind.String) => $"write `{expected}(\"…\")`",
        ("long, datetime or duration", CedarValueKind.Decimal) => "decimals are compared with `lessThan` and its like",
        _ => null,
    };
}
