using System.Text;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Makes inputs for the parsers: well-formed ones, cut, joined, repeated, flipped and nested. The same for the same run and number.</summary>
internal sealed class CedarFuzzInputs(IReadOnlyList<IReadOnlyList<byte[]>> corpus)
{
    /// <summary>The most bytes of an input; most are far shorter.</summary>
    public const int MaxLength = 16_384;

    private const int UsualLength = 320;

    private static readonly byte[][] s_tokens =
    [
        .. ((string[])
        [
            "permit", "forbid", "(", ")", "{", "}", "[", "]", ",", ";", "::", ":", ".", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "-", "+", "*", "@", "?", "=", "?principal", "?resource",
            "principal", "action", "resource", "context", "when", "unless", "if", "then", "else", "in", "is", "has", "like", "true", "false", "User::\"a\"", "\"", "\\", "\\u{", "\\u{110000}", "\\x7f", "\\0", "\\*",
            "//", "/*", "\n", "\t", " ", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0", "007", "1e9", "1.5", "ip(\"1.1.1.1\")", "decimal(\"1.0\")", "datetime(\"2024-01-01\")",
            "duration(\"1h\")", ".contains(", ".getTag(", ".isInRange(", "__cedar", "__cedar::String", "entity", "enum", "tags", "appliesTo", "namespace", "type", "Set<", "Long", "attributes", "null",
            "\"__entity\":", "\"__extn\":", "{\"fn\":\"ip\",\"arg\":\"1.1.1.1\"}", "\"type\":", "\"id\":", "\"uid\":", "\"attrs\":", "\"parents\":", "\"effect\":", "\"Value\":", "\"Var\":", "\"\\ud800\"", "\u0000", "\u00a0", "\ufeff", "\U0001F600", "\u202e",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF0, 0x9F],
    ];

    /// <summary>What is repeated to nest deeply or to chain without end.</summary>
    private static readonly byte[][] s_bombs =
    [
        .. ((string[])
        [
            "(", "[", "{", "!", "-", "!(", "((", "[[", "{a:", "{\"a\":", "[{\"a\":", "if true then ", "if ", "a.", ".a", "[\"a\"]", "&& true ", "|| 1", "+1", "*1", "==1", " has a", ".contains(", "permit(principal,action,resource);",
            "Set<", "A::", "namespace A{", "@a ", "//", "{\"!\":{\"arg\":", "{\"Set\":[", "{\"&&\":{\"left\":", "\"a\",", "1,", "true,", "\\u{41}", "entity A;", "when{true}", "[{},", "{\"type\":\"Set\",\"element\":",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>An input and what it is to be read as.</summary>
    public (CedarFuzzKind Kind, byte[] Data) Make(ulong seed, long number)
    {
        var random = FuzzRandom.Of(seed, number);
        var kind = (CedarFuzzKind)random.Below(corpus.Count);
        var isLong = random.Below(48) == 0;
        var data = new List<byte>(random.Of(corpus[(int)kind]));
        if (!isLong && data.Count > UsualLength && random.Below(3) == 0)
        {
            // A window, mostly no longer well-formed.
            data = data.GetRange(random.Below(data.Count - UsualLength), UsualLength);
        }

        for (var changes = random.Below(5); changes > 0; changes--)
        {
            Change(data, kind, isLong, ref random);
        }

        var max = isLong ? MaxLength : UsualLength * 4;
        return (kind, [.. data.Count > max ? data.GetRange(0, max) : data]);
    }

    private void Change(List<byte> data, CedarFuzzKind kind, bool isLong, ref FuzzRandom random)
    {
        var at = random.Below(data.Count + 1);
        var length = Math.Min(1 + random.Below(24), data.Count - at);
        switch (random.Below(13))
        {
            case 0 or 1 or 2:
                data.InsertRange(at, random.Of(s_tokens));
                break;
            case 3:
                data.RemoveRange(at, length);
                break;
            case 4:
                data.InsertRange(at, data.GetRange(at, length));
                break;
            case 5 when data.Count > 0:
                data[at % data.Count] ^= (byte)(1 << random.Below(8));
                break;
            case 6 when data.Count > 0:
                data[at % data.Count] = (byte)random.Below(256);
                break;
            case 7:
                data.RemoveRange(at, data.Count - at);
                break;
            case 8:
                var other = random.Of(corpus[random.Below(20) == 0 ? random.Below(corpus.Count) : (int)kind]);
                var from = random.Below(other.Length);
                data.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 + random.Below(isLong ? 4_000 : 120))).ToArray());
                break;
            case 9:
                var bomb = random.Of(s_bombs);
                var times = random.Below(4) == 0 ? 1 + random.Below((isLong ? MaxLength : UsualLength) / bomb.Length) : 1 + random.Below(12);
                data.InsertRange(at, Enumerable.Repeat(bomb, times).SelectMany(piece => piece));
                break;
            case 10 when length > 0:
                // A token in place of what stood there.
                data.RemoveRange(at, length);
                data.InsertRange(at, random.Of(s_tokens));
                break;
            case 11:
                var size = random.Below(12);
                for (var i = 0; i < size; i++)
                {
                    data.Insert(at, (byte)random.Below(random.Below(2) == 0 ? 128 : 256));
                }

                break;
            default:
                data.Reverse(at, length);
                break;
        }
    }
}
