using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>A constructor whose argument is not known before.</summary>
internal sealed class ConstructorNode(Expr.ExtensionCall source, Node argument) : Node(source)
{
    private readonly ExtensionFunction _function = source.Function;

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = default;
        if (!TryText(argument, ref frame, out var text))
        {
            return false;
        }

        if (!ExtensionText.TryConstruct(_function, text.Text, out var value))
        {
            return frame.Fail(EvaluationErrorKind.ExtensionError, Source, ExtensionText.Example(_function), text.Text);
        }

        result = Datum.Of(value);
        return true;
    }
}

/// <summary>A method without arguments.</summary>
internal sealed class ExtensionMethodNode(Expr.ExtensionCall source, Node receiver) : Node(source)
{
    private const long Day = 86_400_000;

    private readonly ExtensionFunction _function = source.Function;
    private readonly CedarValueKind _kind = ExtensionSignature.Of(source.Function).Parameters[0];

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (!receiver.TryEvaluate(ref frame, out result))
        {
            return false;
        }

        if (result.Kind != _kind)
        {
            return frame.FailType(Source, _kind.ToCedarName(), result);
        }

        var bits = result.Bits;
        switch (_function)
        {
            case ExtensionFunction.IsIpv4:
                result = Datum.Of(result.Address.IsIpv4);
                return true;
            case ExtensionFunction.IsIpv6:
                result = Datum.Of(!result.Address.IsIpv4);
                return true;
            case ExtensionFunction.IsLoopback:
                result = Datum.Of(result.Address.IsLoopback);
                return true;
            case ExtensionFunction.IsMulticast:
                result = Datum.Of(result.Address.IsMulticast);
                return true;
            case ExtensionFunction.ToDate:
                var midnight = (Int128)bits - TimeOfDay(bits);
                result = new Datum(CedarValueKind.Datetime, (long)midnight, null);
                return midnight >= long.MinValue
                    || frame.Fail(EvaluationErrorKind.ExtensionError, Source, "the date is before the first datetime", new CedarDatetime(bits));
            case ExtensionFunction.ToTime:
                result = new Datum(CedarValueKind.Duration, TimeOfDay(bits), null);
                return true;
            default:
                result = Datum.Of(bits / _function switch
                {
                    ExtensionFunction.ToMilliseconds => 1,
                    ExtensionFunction.ToSeconds => 1_000,
                    ExtensionFunction.ToMinutes => 60_000,
                    ExtensionFunction.ToHours => 3_600_000,
                    _ => Day,
                });
                return true;
        }
    }

    /// <summary>Days begin at midnight before 1970 too: the remainder is never negative.</summary>
    private static long TimeOfDay(long milliseconds) => milliseconds % Day is var rest and < 0 ? rest + Day : milliseconds % Day;
}

/// <summary>A method with one argument.</summary>
internal sealed class ExtensionOperatorNode(Expr.ExtensionCall source, Node left, Node right) : Node(source)
{
    private readonly ExtensionSignature _signature = ExtensionSignature.Of(source.Function);

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (!left.TryEvaluate(ref frame, out result) || !right.TryEvaluate(ref frame, out var b))
        {
            return false;
        }

        var a = result;
        if (a.Kind != _signature.Parameters[0])
        {
            return frame.FailType(Source, _signature.Parameters[0].ToCedarName(), a);
        }

        if (b.Kind != _signature.Parameters[1])
        {
            return frame.FailType(Source, _signature.Parameters[1].ToCedarName(), b);
        }

        switch (_signature.Function)
        {
            case ExtensionFunction.LessThan:
                result = Datum.Of(a.Bits < b.Bits);
                return true;
            case ExtensionFunction.LessThanOrEqual:
                result = Datum.Of(a.Bits <= b.Bits);
                return true;
            case ExtensionFunction.GreaterThan:
                result = Datum.Of(a.Bits > b.Bits);
                return true;
            case ExtensionFunction.GreaterThanOrEqual:
                result = Datum.Of(a.Bits >= b.Bits);
                return true;
            case ExtensionFunction.IsInRange:
                result = Datum.Of(a.Address.IsInRange(b.Address));
                return true;
            case ExtensionFunction.Offset:
                return TryTime(ref frame, (Int128)a.Bits + b.Bits, CedarValueKind.Datetime, out result);
            default:
                return TryTime(ref frame, (Int128)a.Bits - b.Bits, CedarValueKind.Duration, out result);
        }
    }

    private bool TryTime(ref EvaluationFrame frame, Int128 milliseconds, CedarValueKind kind, out Datum result)
    {
        result = new Datum(kind, (long)milliseconds, null);
        return (milliseconds >= long.MinValue && milliseconds <= long.MaxValue)
            || frame.Fail(EvaluationErrorKind.ExtensionError, Source, "the result is out of the range of 64-bit milliseconds");
    }
}
