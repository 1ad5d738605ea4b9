using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>What anybody can do to the files on their way: without a key nothing of it may go unnoticed, except what changes no meaning.</summary>
internal sealed class Mutations
{
    private const string Mark = "\u0001mark\u0001";

    private readonly Random _random;
    private readonly AgreementKeys _keys;
    private readonly ImmutableArray<(string Name, bool MayBeHarmless, Func<Sealed, Sealed, AgreementCase?> Make)> _all;

    public Mutations(Random random, AgreementKeys keys)
    {
        (_random, _keys) = (random, keys);
        _all =
        [
            ("bit of the bundle", true, (s, _) => Flip(s)),
            ("bit of the certificate", true, (s, _) => Given(Flipped(Bytes(s.Certificate)), null)),
            ("byte inserted", true, (s, _) => Given(null, Inserted(Bytes(s.Bundle)))),
            ("file cut", false, (s, _) => Given(null, Bytes(s.Bundle)[..^(1 + random.Next(20))])),
            ("member dropped", true, (s, _) => Edit(s, root => { var (owner, name) = Member(root); owner.Remove(name); })),
            ("member added", true, (s, _) => Edit(s, root => Owner(root)["another"] = 1)),
            ("member renamed", true, (s, _) => Edit(s, root => { var (owner, name) = Member(root); var value = owner[name]; owner.Remove(name); owner[Renamed(name)] = value; })),
            ("member twice, the same", false, (s, _) => Twice(s, differs: false)),
            ("member twice, another", false, (s, _) => Twice(s, differs: true)),
            ("member null", false, (s, _) => Edit(s, root => { var (owner, name) = Member(root); owner[name] = null; })),
            ("member of another type", true, (s, _) => Edit(s, root => { var (owner, name) = Member(root); owner[name] = Pick<JsonNode>([true, 7, "text", new JsonArray(), new JsonObject()]); })),
            ("number changed", true, (s, _) => Number(s, ["0", "1", "2", "17", "4096", "9007199254740991", "2147483648"])),
            ("number spelled otherwise", false, (s, _) => Number(s, ["1.0", "1e0", "-0", "01", "+1", "0x1", "1E2", "9007199254740992", "1e400", "-1", "0.5", "1.", "NaN", "1e-7"])),
            ("text changed", true, (s, _) => Text(s, text => Pick([text + "x", text.Length > 0 ? text[1..] : "y", text.ToUpperInvariant(), text + " ", " " + text, text.Replace('a', 'b'), ""]))),
            ("text of another case", true, (s, _) => Text(s, static text => text.Any(char.IsLower) ? text.ToUpperInvariant() : text.ToLowerInvariant())),
            ("base64 spelled otherwise", true, (s, _) => Text(s, Base64, static text => text.EndsWith('=') || text.Contains('+', StringComparison.Ordinal))),
            ("time spelled otherwise", true, (s, _) => Text(s, Time, static text => text.Length == 24 && text.EndsWith('Z') && text[10] == 'T')),
            ("hash changed", true, (s, _) => Text(s, text => (text[0] == '0' ? "1" : "0") + text[1..], static text => text.Length == 64)),
            ("array cut", true, (s, _) => List(s, list => list.RemoveAt(list.Count - 1))),
            ("array longer", true, (s, _) => List(s, list => list.Add(list[0]!.DeepClone()))),
            ("array turned", true, (s, _) => List(s, list => { var first = list[0]!; list.RemoveAt(0); list.Add(first); })),
            ("parts of two bundles", true, Swapped),
            ("certificate of another bundle", false, (s, other) => Given(Bytes(other.Certificate), Bytes(s.Bundle))),
            ("seal of another certificate", true, (s, other) => Edit(s, root => { var name = Pick(["signature", "log", "key_id"]); root["certificate"]![name] = other.Certificate[name]!.DeepClone(); })),
            ("laid out otherwise", true, (s, _) => Given(Encoding.UTF8.GetBytes(s.Certificate.ToJsonString(new() { WriteIndented = true })), Encoding.UTF8.GetBytes(Shuffled(s.Bundle).ToJsonString(new() { WriteIndented = true })))),
            ("escaped otherwise", true, (s, _) => Given(Bytes(s.Certificate), Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Bytes(s.Bundle)).Replace("\"version\"", "\"\\u0076ersion\"", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal)))),
            ("name twice by an escape", false, (s, _) => Given(null, Encoding.UTF8.GetBytes("{\"version\":1,\"v\\u0065rsion\":1," + s.Bundle.ToJsonString()[1..]))),
            ("byte order mark", false, (s, _) => Given(null, [0xEF, 0xBB, 0xBF, .. Bytes(s.Bundle)])),
            ("something behind", false, (s, _) => Given(null, [.. Bytes(s.Bundle), .. Pick<byte[]>(["{}"u8.ToArray(), ","u8.ToArray(), [0], "//"u8.ToArray(), "\u00a0"u8.ToArray()])])),
            ("white space around", true, (s, _) => Given(null, [.. " \r\n\t"u8, .. Bytes(s.Bundle), .. "\n"u8])),
            ("bytes that are no UTF-8", false, (s, _) => Given(null, Replaced(Bytes(s.Bundle), "\"call_id\":\""u8.ToArray(), Pick<byte[]>([[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]])))),
            ("half a surrogate pair", false, (s, _) => Given(null, Replaced(Bytes(s.Bundle), "\"call_id\":\""u8.ToArray(), Encoding.ASCII.GetBytes(Pick(["\\ud800", "\\udc00x", "\\ud800\\ud800", "\\uD83Dx"]))))),
            ("control character", false, (s, _) => Given(null, Replaced(Bytes(s.Bundle), "\"call_id\":\""u8.ToArray(), [(byte)random.Next(32)]))),
            ("deep nesting", false, (s, _) => Given(null, Encoding.UTF8.GetBytes("{\"more\":" + new string('[', 63 + random.Next(3)) + new string(']', 63 + 2) + "," + s.Bundle.ToJsonString()[1..]))),
            ("very deep nesting", false, (s, _) => Given(null, Encoding.UTF8.GetBytes("{\"more\":" + string.Concat(Enumerable.Repeat("[", 100_000)) + s.Bundle.ToJsonString()))),
            ("checkpoint changed", true, (s, _) => Edit(s, root => root["checkpoint"] = Note((string)root["checkpoint"]!))),
            ("entry written otherwise", false, (s, _) => Edit(s, root => { var json = (string)root["entry"]!["json"]!; root["entry"]!["json"] = Pick([" " + json, json + "\n", json.Replace("\"version\":2", "\"version\":2.0", StringComparison.Ordinal), json[..^1] + ",\"zz\":1}", json.Replace(",", ", ", StringComparison.Ordinal), "", "null"]); })),
            ("used outside its window", false, (s, _) => Given(Bytes(s.Certificate), Bytes(s.Bundle)) with { At = Pick([Shift((string)s.Certificate["not_after"]!, 1), Shift((string)s.Certificate["created_at"]!, -1), "2030-01-01T00:00:00.000Z"]) }),
            ("too few witnesses", false, (s, _) => TooFewWitnesses(s)),
            ("witnesses demanded without a bundle", false, (s, _) => TooFewWitnesses(s) with { Bundle = null, Witnesses = new WitnessDemand(1, [_keys.WitnessSigners[0].PublicKey.ToString()]) }),
            ("keys unusable", false, (s, _) => Given(Bytes(s.Certificate), Bytes(s.Bundle)) with { Keys = Keys(Spoil) }),
            ("keys of others", false, (s, _) => Given(Bytes(s.Certificate), Bytes(s.Bundle)) with { Keys = Keys(list => { foreach (var each in list.Where(static each => (string?)each!["agentgate"]?["role"]?[0] is "certificates" or "checkpoints").ToArray()) { list.Remove(each); } }) }),
            ("keys for something else", false, (s, _) => Given(Bytes(s.Certificate), Bytes(s.Bundle)) with { Keys = Keys(list => { foreach (var each in list.Where(static each => each!["agentgate"] is not null)) { each!["agentgate"]!["role"] = new JsonArray(Pick(["grants", "", "Certificates", "nodes"])); } }) }),
            ("log under another name", false, (s, _) => Given(Bytes(s.Certificate), Bytes(s.Bundle)) with { Keys = Keys(static list => { foreach (var each in list.Where(static each => each!["agentgate"]?["name"] is not null)) { each!["agentgate"]!["name"] = "log.other.example"; } }) }),
        ];
    }

    /// <summary>Makes the next mutation that fits.</summary>
    /// <param name="number">Which.</param>
    /// <param name="one">What is changed.</param>
    /// <param name="other">Something else, for swapping.</param>
    public (AgreementCase Case, bool MayBeHarmless) Next(int number, Sealed one, Sealed other)
    {
        for (var i = 0; ; i++)
        {
            var (name, harmless, make) = _all[(number + i) % _all.Length];
            if (make(one, other) is { } made)
            {
                return (made with { Id = number, Kind = name }, harmless);
            }
        }
    }

    /// <summary>A case as it was sealed.</summary>
    public AgreementCase Good(int number, Sealed one)
    {
        var made = Given(_random.Next(3) == 0 ? null : Bytes(one.Certificate), Bytes(one.Bundle));
        return made with
        {
            Id = number,
            Kind = one.Kind,
            At = _random.Next(3) == 0 ? (string)one.Certificate[Pick(["created_at", "not_after"])]! : null,
            Bundle = one.Kind != "erased" && made.Certificate is not null && _random.Next(20) == 0 ? null : made.Bundle,
        };
    }

    private AgreementCase Given(byte[]? certificate, byte[]? bundle) => new(0, "", certificate, bundle, Encoding.UTF8.GetBytes(_keys.Published));

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    // ---- bytes ----

    private AgreementCase Flip(Sealed one) => Given(_random.Next(2) == 0 ? Bytes(one.Certificate) : null, Flipped(Bytes(one.Bundle)));

    private byte[] Flipped(byte[] bytes)
    {
        bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }

    private byte[] Inserted(byte[] bytes)
    {
        var at = _random.Next(bytes.Length);
        return [.. bytes[..at], (byte)_random.Next(256), .. bytes[at..]];
    }

    private static byte[]? Replaced(byte[] bytes, byte[] after, byte[] with)
    {
        var at = bytes.AsSpan().IndexOf(after);
        return at < 0 ? null : [.. bytes[..(at + after.Length)], .. with, .. bytes[(at + after.Length)..]];
    }

    // ---- members ----

    /// <summary>Changes the bundle; the certificate that is given apart, if one is, is the one in the bundle.</summary>
    private AgreementCase? Edit(Sealed one, Action<JsonObject> edit)
    {
        var root = (JsonObject)one.Bundle.DeepClone();
        edit(root);
        return Given(_random.Next(2) == 0 && root["certificate"] is { } certificate ? Bytes(certificate) : null, Bytes(root));
    }

    private AgreementCase? Raw(Sealed one, Func<JsonObject, bool> edit, Func<string, string> write)
    {
        var root = (JsonObject)one.Bundle.DeepClone();
        return edit(root) ? Given(null, Encoding.UTF8.GetBytes(write(root.ToJsonString()))) : null;
    }

    private static string Marked => JsonValue.Create(Mark).ToJsonString();

    private AgreementCase? Twice(Sealed one, bool differs)
    {
        var name = "";
        return Raw(
            one,
            root =>
            {
                var (owner, found) = Member(root);
                name = JsonValue.Create(found).ToJsonString();
                owner[Mark] = differs ? new JsonArray("another") : owner[found]?.DeepClone();
                return true;
            },
            text => text.Replace(Marked, name, StringComparison.Ordinal));
    }

    private AgreementCase? Number(Sealed one, IReadOnlyList<string> spellings)
    {
        var spelling = Pick(spellings);
        return Raw(
            one,
            root =>
            {
                var numbers = Places(root).Where(static place => place.Get() is JsonValue value && value.TryGetValue<long>(out _)).ToList();
                var place = Pick(numbers);
                if (place.Get()!.ToJsonString() == spelling)
                {
                    return false;
                }

                place.Set(Mark);
                return true;
            },
            text => text.Replace(Marked, spelling, StringComparison.Ordinal));
    }

    private AgreementCase? Text(Sealed one, Func<string, string> edit, Func<string, bool>? fits = null)
        => Edit(one, root =>
        {
            var texts = Places(root).Where(place => place.Get() is JsonValue value && value.TryGetValue<string>(out var text) && (fits is null || fits(text))).ToList();
            if (texts.Count == 0)
            {
                root["version"] = "1";
                return;
            }

            var place = Pick(texts);
            place.Set(edit((string)place.Get()!));
        });

    private AgreementCase? List(Sealed one, Action<JsonArray> edit)
        => Edit(one, root =>
        {
            var lists = Places(root).Select(static place => place.Get()).OfType<JsonArray>().Where(static list => list.Count > 0).ToList();
            edit(Pick(lists));
        });

    private AgreementCase? Swapped(Sealed one, Sealed other)
    {
        var names = one.Bundle.Select(static member => member.Key).Where(name => name != "version" && other.Bundle.ContainsKey(name)).ToArray();
        return Edit(one, root =>
        {
            var name = Pick(names);
            root[name] = other.Bundle[name]!.DeepClone();
        });
    }

    private (JsonObject Owner, string Name) Member(JsonObject root)
    {
        var owner = Owner(root);
        return (owner, Pick(owner.Select(static member => member.Key).ToArray()));
    }

    private JsonObject Owner(JsonObject root) => Pick(Places(root).Select(static place => place.Get()).OfType<JsonObject>().Where(static each => each.Count > 0).Append(root).ToList());

    private string Renamed(string name) => Pick([name.Any(char.IsLower) ? name.ToUpperInvariant() : name + "__", name + "_", "_" + name, name + "\u200b"]);

    private static JsonObject Shuffled(JsonObject node) => new(node.Reverse().Select(static member => KeyValuePair.Create(member.Key, member.Value switch
    {
        JsonObject inner => Shuffled(inner),
        null => null,
        var value => value.DeepClone(),
    })));

    private static IEnumerable<Place> Places(JsonNode node)
    {
        switch (node)
        {
            case JsonObject owner:
                foreach (var (name, value) in owner)
                {
                    yield return new Place(() => owner[name], changed => owner[name] = changed);
                    foreach (var inner in value is null ? [] : Places(value))
                    {
                        yield return inner;
                    }
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var at = i;
                    yield return new Place(() => list[at], changed => list[at] = changed);
                    foreach (var inner in list[i] is { } value ? Places(value) : [])
                    {
                        yield return inner;
                    }
                }

                break;
        }
    }

    private sealed record Place(Func<JsonNode?> Get, Action<JsonNode?> Set);

    // ---- spellings ----

    private string Base64(string text) => Pick(
    [
        text.TrimEnd('='), text + "=", text.Replace('+', '-').Replace('/', '_'), text + "\n",
        text.EndsWith("==", StringComparison.Ordinal) ? text[..^3] + (char)(text[^3] + 1) + "==" : text.EndsWith('=') ? text[..^2] + (char)(text[^2] + 1) + "=" : text + "A", " " + text,
    ]);

    private string Time(string text) => Pick(
    [
        text[..^1] + "+00:00", text[..^1] + "z", text[..19] + "Z", text[..17] + "60.000Z", text[..^1] + "0Z", text.Replace('T', ' '), "2026-02-30" + text[10..],
        text[..11] + "24:00:00.000Z", text[..^1], "0000" + text[4..], "+" + text, text.Replace('.', ','), text[..^2] + "٣Z",
    ]);

    private static string Shift(string time, int milliseconds)
        => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).AddMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string Note(string note)
    {
        var lines = note.Split('\n');
        var line = _random.Next(lines.Length);
        return _random.Next(9) switch
        {
            0 => string.Join('\n', lines.Where((_, i) => i != line)),
            1 => string.Join('\n', lines.Select((each, i) => i == line ? each + "x" : each)),
            2 => note + "\n",
            3 => note.TrimEnd('\n'),
            4 => note.Replace("\n", "\r\n", StringComparison.Ordinal),
            5 => note.Replace('\u2014', '-'),
            6 => string.Join('\n', lines.Select((each, i) => i == 1 ? Pick(["0" + each, "+" + each, each + ".0", "", " " + each]) : each)),
            7 => note + lines[^2] + "\n",
            _ => string.Join('\n', lines.Select((each, i) => i == 2 ? each.TrimEnd('=') : each)),
        };
    }

    // ---- keys and witnesses ----

    private byte[] Keys(Action<JsonArray> edit)
    {
        var set = (JsonObject)JsonNode.Parse(_keys.Published)!;
        edit(set["keys"]!.AsArray());
        return Bytes(set);
    }

    private void Spoil(JsonArray list)
    {
        var one = list[0]!.AsObject();
        switch (_random.Next(10))
        {
            case 0:
                list.Add(one.DeepClone());
                break;
            case 1:
                one["kid"] = "k0000000000000000";
                break;
            case 2:
                one["alg"] = "ES256";
                break;
            case 3:
                one["d"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
                break;
            case 4:
                one["use"] = "enc";
                break;
            case 5:
                one["x"] = (string)one["x"]! + "=";
                break;
            case 6:
                one["x"] = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
                break;
            case 7:
                one.Remove("kid");
                break;
            case 8:
                list[1]!["y"] = one["x"]!.DeepClone();
                break;
            default:
                one["agentgate"] = "certificates";
                break;
        }
    }

    private AgreementCase TooFewWitnesses(Sealed one)
    {
        var there = ((string)one.Bundle["checkpoint"]!).Split('\n').Count(static line => line.StartsWith("\u2014 witness-", StringComparison.Ordinal));
        var witnesses = _keys.WitnessSigners.Select(static signer => signer.PublicKey.ToString()).ToList();
        return Given(Bytes(one.Certificate), Bytes(one.Bundle)) with
        {
            Witnesses = there < 3
                ? new WitnessDemand(there + 1, witnesses)
                : new WitnessDemand(1, [NoteKey.ForWitness("witness-0.example", _keys.Stranger.PublicKey).ToString()]),
        };
    }
}

/// <summary>A decision that was sealed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Certificate">Its certificate.</param>
/// <param name="Bundle">Its bundle.</param>
internal sealed record Sealed(string Kind, JsonObject Certificate, JsonObject Bundle);
