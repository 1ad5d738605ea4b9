using System.Globalization;
using AgentGate.Cedar.Entities;

namespace AgentGate.Kernel.Canonical;

/// <summary>
/// Cedar's values and entities in Cedar's JSON format and canonical form at once, with explicit <c>__entity</c> and <c>__extn</c>. What
/// cannot be written so that everybody reads the same is refused.
/// </summary>
internal static class CedarCanonical
{
    /// <summary>How many arrays and objects may be open: what a reader allows, less one for the bundle around it.</summary>
    private const int OpenMax = CanonicalJson.MaxDepth - 1;

    /// <summary>Writes a record, for example a context.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="record">The record.</param>
    /// <param name="open">How many arrays and objects are open around it.</param>
    /// <exception cref="FormatException">It holds what canonical JSON cannot: an integer no double holds exactly, a reserved name, or it is nested too deep.</exception>
    public static void Write(ref CanonicalWriter json, CedarRecord record, int open) => WriteFields(ref json, record, open, isValue: true);

    /// <summary>Writes a store as an array of entities, sorted by the canonical bytes of their uids.</summary>
    /// <exception cref="FormatException">As for a record.</exception>
    public static void WriteEntities(CanonicalBuffer output, EntityStore entities, int open)
    {
        var names = new CanonicalBuffer(64 * entities.Count);
        var sorted = new List<(Entity Entity, int Start, int Length)>(entities.Count);
        foreach (var entity in entities)
        {
            var start = names.Length;
            var name = new CanonicalWriter(names);
            WriteUid(ref name, entity.Uid);
            sorted.Add((entity, start, names.Length - start));
        }

        sorted.Sort((left, right) => names.Slice(left.Start, left.Length).Span.SequenceCompareTo(names.Slice(right.Start, right.Length).Span));
        var json = new CanonicalWriter(output);
        json.BeginArray();
        foreach (var (entity, start, length) in sorted)
        {
            json.BeginObject();
            json.Name("\"attrs\":"u8);
            WriteFields(ref json, entity.Attributes, open + 2, isValue: false);
            json.Name("\"parents\":"u8);
            json.BeginArray();
            foreach (var parent in entity.Parents)
            {
                WriteUid(ref json, parent);
            }

            json.EndArray();
            if (entity.Tags.Count > 0)
            {
                json.Name("\"tags\":"u8);
                WriteFields(ref json, entity.Tags, open + 2, isValue: false);
            }

            json.Name("\"uid\":"u8);
            json.Raw(names.Slice(start, length).Span);
            json.EndObject();
        }

        json.EndArray();
    }

    /// <summary>Writes the name of an entity.</summary>
    public static void WriteUid(ref CanonicalWriter json, EntityUid uid)
    {
        json.BeginObject();
        json.Name("\"id\":"u8);
        json.Text(uid.Id);
        json.Name("\"type\":"u8);
        json.Text(uid.Type.Text);
        json.EndObject();
    }

    private static void WriteFields(ref CanonicalWriter json, CedarRecord record, int open, bool isValue)
    {
        CheckDepth(open);
        json.BeginObject();
        foreach (var (name, value) in record)
        {
            if (isValue && name is "__entity" or "__extn" or "__expr")
            {
                throw new FormatException($"A record has the name `{name}`, which Cedar's JSON format reserves.");
            }

            json.Name(name);
            Write(ref json, value, open + 1);
        }

        json.EndObject();
    }

    private static void Write(ref CanonicalWriter json, CedarValue value, int open)
    {
        switch (value)
        {
            case CedarBool { Value: true }:
                json.True();
                break;
            case CedarBool:
                json.False();
                break;
            case CedarString text:
                json.Text(text.Value);
                break;
            case CedarLong number:
                Write(ref json, number.Value);
                break;
            case CedarSet set:
                CheckDepth(open);
                json.BeginArray();
                foreach (var element in set.Elements)
                {
                    Write(ref json, element, open + 1);
                }

                json.EndArray();
                break;
            case CedarRecord record:
                WriteFields(ref json, record, open, isValue: true);
                break;
            case EntityUid uid:
                CheckDepth(open + 1);
                json.BeginObject();
                json.Name("\"__entity\":"u8);
                WriteUid(ref json, uid);
                json.EndObject();
                break;
            default:
                WriteExtension(ref json, value, open);
                break;
        }
    }

    private static void Write(ref CanonicalWriter json, long number)
    {
        if (number is < -CanonicalNumber.MaxExact or > CanonicalNumber.MaxExact)
        {
            throw new FormatException($"The integer {number} is outside ±(2^53 - 1), where canonical JSON is exact.");
        }

        json.Number(number);
    }

    private static void WriteExtension(ref CanonicalWriter json, CedarValue value, int open)
    {
        CheckDepth(open + 4);
        json.BeginObject();
        json.Name("\"__extn\":"u8);
        json.BeginObject();
        switch (value)
        {
            case CedarDatetime time when IsWritten(time):
                json.Name("\"arg\":"u8);
                CanonicalTime.Write(ref json, DateTimeOffset.FromUnixTimeMilliseconds(time.Milliseconds));
                json.Name("\"fn\":"u8);
                json.Plain("datetime"u8);
                break;
            case CedarDatetime time:
                // Outside the years the constructor reads, a datetime is an offset from one of them.
                json.Name("\"args\":"u8);
                json.BeginArray();
                Write(ref json, new CedarDatetime(0), open);
                Write(ref json, new CedarDuration(time.Milliseconds), open);
                json.EndArray();
                json.Name("\"fn\":"u8);
                json.Plain("offset"u8);
                break;
            case CedarDuration duration:
                json.Name("\"arg\":"u8);
                json.Text(string.Create(CultureInfo.InvariantCulture, $"{duration.Milliseconds}ms"));
                json.Name("\"fn\":"u8);
                json.Plain("duration"u8);
                break;
            default:
                // ip("…") and decimal("…"): the text form is the constructor with its argument.
                var text = value.ToString()!.AsSpan();
                var at = text.IndexOf('(');
                json.Name("\"arg\":"u8);
                json.Text(text[(at + 2)..^2]);
                json.Name("\"fn\":"u8);
                json.Text(text[..at]);
                break;
        }

        json.EndObject();
        json.EndObject();
    }

    private static bool IsWritten(CedarDatetime time)
        => time.Milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && time.Milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static void CheckDepth(int open)
    {
        if (open >= OpenMax)
        {
            throw new FormatException($"A value is nested deeper than {OpenMax} arrays and objects, which readers refuse.");
        }
    }
}
