using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentGate.Kernel.Canonical;

/// <summary>JSON in the one byte form that can be hashed: the JSON Canonicalization Scheme (RFC 8785).</summary>
/// <remarks>
/// Input is read strictly (RFC 7493): duplicate names (compared after unescaping), invalid UTF-8, a byte-order mark, lone
/// surrogates, numbers outside the range of a double and nesting deeper than <see cref="MaxDepth"/> are errors. Pure and thread-safe.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The deepest nesting accepted: 64 arrays and objects.</summary>
    public const int MaxDepth = 64;

    /// <summary>Gives the canonical form of a document.</summary>
    /// <param name="utf8Json">The document in UTF-8.</param>
    /// <returns>The canonical bytes, without white space and without a trailing line end.</returns>
    /// <exception cref="CanonicalJsonException">The document is not valid, names its position.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8Json)
    {
        RefuseInvalidUtf8(utf8Json);
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var output = new CanonicalBuffer(utf8Json.Length);
        try
        {
            reader.Read();
            WriteValue(ref reader, output);
            reader.Read();
        }
        catch (JsonException exception)
        {
            throw new CanonicalJsonException("Not valid JSON", reader.BytesConsumed, exception);
        }

        return output.Written.ToArray();
    }

    private static void WriteValue(ref Utf8JsonReader reader, CanonicalBuffer output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader, output);
                break;
            case JsonTokenType.String:
                CanonicalText.Write(output, ReadText(ref reader));
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(output, ReadNumber(ref reader));
                break;
            case JsonTokenType.True:
                output.Write("true"u8);
                break;
            case JsonTokenType.False:
                output.Write("false"u8);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    private static void WriteArray(ref Utf8JsonReader reader, CanonicalBuffer output)
    {
        output.Write("["u8);
        var first = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            WriteValue(ref reader, output);
        }

        output.Write("]"u8);
    }

    private static void WriteObject(ref Utf8JsonReader reader, CanonicalBuffer output)
    {
        // Members are written in the order of the document, then put in order inside the buffer: most documents need no move.
        output.Write("{"u8);
        var start = output.Length;
        var members = new List<Member>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var position = reader.TokenStartIndex;
            var name = ReadText(ref reader);
            var from = output.Length;
            CanonicalText.Write(output, name);
            output.Write(":"u8);
            reader.Read();
            WriteValue(ref reader, output);
            members.Add(new Member(name, from, output.Length - from, position));
        }

        Arrange(members, start, output);
        output.Write("}"u8);
    }

    private static void Arrange(List<Member> members, int start, CanonicalBuffer output)
    {
        // RFC 8785 §3.2.3: names are compared by UTF-16 code units, which is what an ordinal comparison does.
        var sorted = members.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i - 1].Name, sorted[i].Name, StringComparison.Ordinal))
            {
                throw new CanonicalJsonException("A name occurs twice", Math.Max(sorted[i - 1].Position, sorted[i].Position));
            }
        }

        var length = output.Length - start;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        output.Written.Slice(start, length).CopyTo(copy);
        output.Truncate(start);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(copy.AsSpan(sorted[i].Start - start, sorted[i].Length));
        }

        ArrayPool<byte>.Shared.Return(copy);
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new CanonicalJsonException("A string holds a lone surrogate", reader.TokenStartIndex, exception);
        }
    }

    private static double ReadNumber(ref Utf8JsonReader reader)
    {
        var value = double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? value
            : throw new CanonicalJsonException("A number is outside the range of a double", reader.TokenStartIndex);
    }

    private static void RefuseInvalidUtf8(ReadOnlySpan<byte> utf8Json)
    {
        if (System.Text.Unicode.Utf8.IsValid(utf8Json))
        {
            return;
        }

        var position = 0;
        while (Rune.DecodeFromUtf8(utf8Json[position..], out _, out var consumed) == OperationStatus.Done)
        {
            position += consumed;
        }

        throw new CanonicalJsonException("Not valid UTF-8", position);
    }

    private readonly record struct Member(string Name, int Start, int Length, long Position);
}
