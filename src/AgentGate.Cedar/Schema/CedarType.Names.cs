using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <content>The name of a type as a policy author reads it.</content>
public abstract partial class CedarType
{
    /// <summary>Types may share parts, so that their names are exponentially longer than they are; longer ones are cut.</summary>
    private const int NameLengthMax = 200;

    private const int NameDepthMax = 16;

    /// <summary>The name of the type in schema syntax, shortened with <c>…</c> where it is long.</summary>
    public sealed override string ToString()
    {
        var builder = new StringBuilder();
        AppendName(builder, this, 0);
        return builder.ToString();
    }

    private static void AppendName(StringBuilder builder, CedarType type, int depth)
    {
        if (depth > NameDepthMax || builder.Length > NameLengthMax)
        {
            builder.Append('…');
            return;
        }

        switch (type)
        {
            case BoolType boolean:
                builder.Append(boolean.Known is { } known ? known ? "True" : "False" : "Bool");
                break;
            case LongType:
                builder.Append("Long");
                break;
            case StringType:
                builder.Append("String");
                break;
            case SetType set:
                AppendSet(builder, set, depth);
                break;
            case RecordType record:
                AppendRecord(builder, record, depth);
                break;
            case EntityType entity:
                AppendTypes(builder, entity);
                break;
            case AnyEntityType:
                builder.Append("entity");
                break;
            case ExtensionType extension:
                builder.Append(extension.Kind switch
                {
                    CedarValueKind.IpAddress => "ipaddr",
                    CedarValueKind.Decimal => "decimal",
                    CedarValueKind.Datetime => "datetime",
                    _ => "duration",
                });
                break;
            default:
                builder.Append("Never");
                break;
        }
    }

    private static void AppendSet(StringBuilder builder, SetType set, int depth)
    {
        builder.Append("Set");
        if (set.Element is not null and not NeverType)
        {
            builder.Append('<');
            AppendName(builder, set.Element, depth + 1);
            builder.Append('>');
        }
    }

    private static void AppendRecord(StringBuilder builder, RecordType record, int depth)
    {
        builder.Append('{');
        var first = true;
        foreach (var (name, attribute) in record.Attributes)
        {
            builder.Append(first ? "" : ", ");
            first = false;
            if (builder.Length > NameLengthMax)
            {
                builder.Append("…}");
                return;
            }

            builder.Append(CedarIdentifier.IsValid(name) ? name : CedarText.Quote(name)).Append(attribute.IsRequired ? ": " : "?: ");
            AppendName(builder, attribute.Type, depth + 1);
        }

        builder.Append(record.IsOpen ? first ? "…}" : ", …}" : "}");
    }

    private static void AppendTypes(StringBuilder builder, EntityType entity)
    {
        var first = true;
        foreach (var type in entity.Types)
        {
            builder.Append(first ? "" : " or ").Append(builder.Length > NameLengthMax ? "…" : type.Text);
            first = false;
            if (builder.Length > NameLengthMax)
            {
                return;
            }
        }
    }
}
