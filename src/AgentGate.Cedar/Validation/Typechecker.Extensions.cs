using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <content>The functions and methods of the extension types.</content>
internal sealed partial class Typechecker
{
    private static readonly CedarType IpAddress = new CedarType.ExtensionType(CedarValueKind.IpAddress);
    private static readonly CedarType Decimal = new CedarType.ExtensionType(CedarValueKind.Decimal);
    private static readonly CedarType Datetime = new CedarType.ExtensionType(CedarValueKind.Datetime);
    private static readonly CedarType Duration = new CedarType.ExtensionType(CedarValueKind.Duration);

    private Typing CheckCall(Expr.ExtensionCall call)
    {
        var (wanted, result) = SignatureOf(call.Function);
        var isWrong = false;
        if (call.Arguments.Length != wanted.Length)
        {
            isWrong = true;
            findings.Report(
                ValidationFindingKind.WrongNumberOfArguments, call.Span,
                string.Create(CultureInfo.InvariantCulture, $"`{NameOf(call.Function)}` takes {wanted.Length} argument(s), not {call.Arguments.Length}; the receiver of a method counts"), null);
        }

        if (IsConstructor(call.Function))
        {
            isWrong |= !CheckConstructor(call);
        }

        if (isWrong)
        {
            foreach (var argument in call.Arguments)
            {
                Check(argument);
            }

            return Typing.Failed(result);
        }

        var succeeded = true;
        for (var i = 0; i < wanted.Length; i++)
        {
            succeeded &= Expect(call.Arguments[i], wanted[i]).Succeeded;
        }

        return Typing.Ok(result).If(succeeded);
    }

    private bool CheckConstructor(Expr.ExtensionCall call)
    {
        if (call.Arguments is [Expr.Literal { Value: CedarString text }])
        {
            if (CanRead(call.Function, text.Value))
            {
                return true;
            }

            findings.Report(
                ValidationFindingKind.ExtensionArgument, call.Span, $"`{text}` is not what `{NameOf(call.Function)}` reads", call.Function switch
                {
                    ExtensionFunction.Decimal => "write digits, a point and one to four digits, for example `decimal(\"12.34\")`",
                    ExtensionFunction.Ip => "write an IPv4 or IPv6 address or range, for example `ip(\"10.0.0.0/8\")`",
                    ExtensionFunction.Datetime => "write a date, or a date and time with its zone, for example `datetime(\"2025-01-31T12:00:00Z\")`",
                    _ => "write days, hours, minutes, seconds and milliseconds in this order, for example `duration(\"1d12h\")`",
                });
            return false;
        }

        if (!lattice.IsStrict || call.Arguments.All(static argument => argument is Expr.Literal))
        {
            return true;
        }

        findings.Report(
            ValidationFindingKind.NonLiteralExtensionConstructor, call.Span, $"`{NameOf(call.Function)}` takes a string literal only",
            "pass the value in the context or in an attribute, with the extension type in the schema");
        return false;
    }

    private static bool IsConstructor(ExtensionFunction function)
        => function is ExtensionFunction.Ip or ExtensionFunction.Decimal or ExtensionFunction.Datetime or ExtensionFunction.Duration;

    private static bool CanRead(ExtensionFunction function, string text) => function switch
    {
        ExtensionFunction.Ip => CedarIpAddress.TryParse(text, out _),
        ExtensionFunction.Decimal => CedarDecimal.TryParse(text, out _),
        ExtensionFunction.Datetime => CedarDatetime.TryParse(text, out _),
        _ => CedarDuration.TryParse(text, out _),
    };

    private static string NameOf(ExtensionFunction function)
    {
        var name = function.ToString();
        return string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }

    private static (ImmutableArray<Wanted> Arguments, CedarType Result) SignatureOf(ExtensionFunction function) => function switch
    {
        ExtensionFunction.Ip => ([Wanted.String], IpAddress),
        ExtensionFunction.Decimal => ([Wanted.String], Decimal),
        ExtensionFunction.Datetime => ([Wanted.String], Datetime),
        ExtensionFunction.Duration => ([Wanted.String], Duration),
        ExtensionFunction.LessThan or ExtensionFunction.LessThanOrEqual or ExtensionFunction.GreaterThan or ExtensionFunction.GreaterThanOrEqual
            => ([Wanted.Decimal, Wanted.Decimal], CedarType.Bool),
        ExtensionFunction.IsIpv4 or ExtensionFunction.IsIpv6 or ExtensionFunction.IsLoopback or ExtensionFunction.IsMulticast
            => ([Wanted.IpAddress], CedarType.Bool),
        ExtensionFunction.IsInRange => ([Wanted.IpAddress, Wanted.IpAddress], CedarType.Bool),
        ExtensionFunction.Offset => ([Wanted.Datetime, Wanted.Duration], Datetime),
        ExtensionFunction.DurationSince => ([Wanted.Datetime, Wanted.Datetime], Duration),
        ExtensionFunction.ToDate => ([Wanted.Datetime], Datetime),
        ExtensionFunction.ToTime => ([Wanted.Datetime], Duration),
        _ => ([Wanted.Duration], CedarType.Long),
    };
}
