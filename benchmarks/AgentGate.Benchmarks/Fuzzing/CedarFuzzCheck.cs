using System.Text;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Gives one input to its parser, and says what is wrong with the answer. Not thread-safe.</summary>
internal sealed class CedarFuzzCheck
{
    /// <summary>The most one input may make a parser allocate for each of its bytes, beside <see cref="AllocatedFree"/>.</summary>
    public const int AllocatedPerByteMax = 4_096;

    private const long AllocatedFree = 512 * 1024;

    private static readonly CedarSchema s_schema = CedarSchema.Parse(
        "entity User in [Team] = {age?: Long, name: String} tags String; entity Team; action view appliesTo {principal: User, resource: Team, context: {ip?: ipaddr}};");

    /// <summary>Inputs and accepted inputs of each kind.</summary>
    public (long Inputs, long Accepted)[] Kinds { get; } = new (long, long)[Enum.GetValues<CedarFuzzKind>().Length];

    /// <summary>The most bytes allocated for one byte of an input that is not tiny.</summary>
    public double AllocatedPerByte { get; private set; }

    /// <summary>Checks an input; says what is wrong, or nothing.</summary>
    public string? Check(CedarFuzzKind kind, byte[] data, long number)
    {
        Kinds[(int)kind].Inputs++;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (accepted, wrong) = kind switch
        {
            CedarFuzzKind.Policies => Policies(Text(data, number), number),
            CedarFuzzKind.Schema => Schema(Text(data, number)),
            CedarFuzzKind.PolicyJson => PolicyDocument(data),
            CedarFuzzKind.EntitiesJson => Entities(data, number),
            CedarFuzzKind.SchemaJson => SchemaDocument(data),
            _ => Context(data, number),
        };
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Kinds[(int)kind].Accepted += accepted ? 1 : 0;
        AllocatedPerByte = data.Length >= 64 ? Math.Max(AllocatedPerByte, (double)allocated / data.Length) : AllocatedPerByte;
        return wrong ?? (allocated > AllocatedFree + ((long)AllocatedPerByteMax * data.Length) ? $"{allocated} bytes were allocated for {data.Length}" : null);
    }

    /// <summary>Bytes as text: as UTF-8, byte by byte, or with half a surrogate pair in it, which no UTF-8 holds.</summary>
    private static string Text(byte[] data, long number) => (number % 16) switch
    {
        0 => Encoding.Latin1.GetString(data),
        1 => Encoding.UTF8.GetString(data).Insert(data.Length / 7 % (Encoding.UTF8.GetCharCount(data) + 1), number % 32 == 1 ? "\ud83d" : "\udc00"),
        _ => Encoding.UTF8.GetString(data),
    };

    private static (bool Accepted, string? Wrong) Policies(string text, long number)
    {
        if (!PolicySet.TryParse(text, PolicyIdSource.Position, out var set, out var diagnostics))
        {
            return (false, diagnostics.IsDefaultOrEmpty ? "refused without saying why" : null);
        }

        if (number % 4 != 0)
        {
            return (true, null);
        }

        // What was accepted goes through everything behind the parser.
        var formatted = PolicyFormatter.Format(text);
        if (!PolicySet.TryParse(formatted, PolicyIdSource.Position, out var again, out _) || PolicyHash.Of(again) != PolicyHash.Of(set))
        {
            return (true, $"formatting gives other policies: {formatted}");
        }

        var json = set.ToJson();
        if (PolicyHash.Of(PolicySet.ParseJson(json)) != PolicyHash.Of(set))
        {
            return (true, $"the JSON form gives other policies: {Encoding.UTF8.GetString(json)}");
        }

        new Validator(s_schema).Validate(set, number % 8 == 0 ? ValidationMode.Strict : ValidationMode.Permissive);
        Authorizer.Create(set).Authorize(
            new AuthorizationRequest(new EntityUid("User", "a"), new EntityUid("Action", "view"), new EntityUid("Team", "t"), CedarRecord.Empty), EntityStore.Empty);
        return (true, null);
    }

    private static (bool Accepted, string? Wrong) Schema(string text)
    {
        try
        {
            CedarSchema.Parse(text).ActionEntities();
            return (true, null);
        }
        catch (SchemaException)
        {
            return (false, null);
        }
    }

    private static (bool Accepted, string? Wrong) SchemaDocument(byte[] data)
    {
        try
        {
            CedarSchema.ParseJson(data).ActionEntities();
            return (true, null);
        }
        catch (SchemaException)
        {
            return (false, null);
        }
    }

    private static (bool Accepted, string? Wrong) PolicyDocument(byte[] data)
    {
        try
        {
            var set = PolicySet.ParseJson(data);
            return (true, PolicyHash.Of(PolicySet.ParseJson(set.ToJson())) != PolicyHash.Of(set) ? "writing and reading gives other policies" : null);
        }
        catch (PolicySyntaxException)
        {
            return (false, null);
        }
    }

    private static (bool Accepted, string? Wrong) Entities(byte[] data, long number)
    {
        try
        {
            var store = EntitiesJson.Parse(data, number % 8 == 0 ? s_schema : null);
            return (true, number % 4 == 1 && EntitiesJson.Parse(EntitiesJson.Write(store)).Count != store.Count ? "writing and reading gives other entities" : null);
        }
        catch (EntityDataException)
        {
            return (false, null);
        }
    }

    private static (bool Accepted, string? Wrong) Context(byte[] data, long number)
    {
        try
        {
            var context = number % 8 == 0 ? EntitiesJson.ParseContext(data, s_schema, new EntityUid("Action", "view")) : EntitiesJson.ParseContext(data);
            return (true, number % 4 == 1 && !EntitiesJson.ParseContext(EntitiesJson.WriteContext(context)).Equals(context) ? "writing and reading gives another context" : null);
        }
        catch (EntityDataException)
        {
            return (false, null);
        }
    }
}
