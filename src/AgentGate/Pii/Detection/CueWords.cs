using System.Collections.Frozen;

namespace AgentGate.Pii.Detection;

/// <summary>The words that count as context, in the languages they are commonly written in.</summary>
internal static class CueWords
{
    /// <summary>Longer runs of letters are never looked up.</summary>
    public const int LongestWord = 16;

    private static readonly FrozenDictionary<string, Cue> Table = Build(
        (Cue.Ssn, "ssn ssns social ss tin taxpayer"),
        (Cue.Card, "card cards credit debit cc visa mastercard amex discover jcb diners maestro unionpay pan cardnumber ccnum creditcard kreditkarte tarjeta carte"),
        (Cue.Phone, "phone phones phonenumber telephone tel mobile cell cellphone cellular fax call calling dial whatsapp sms msisdn landline "
            + "hotline pager text texted answering messages message voicemail telefon telefono telefone telefonnummer handy mobil "
            + "movil celular portable gsm tlf cep telepono callback helpline"),
        (Cue.Line, "office desk home work direct main switchboard"),
        (Cue.Passport, "passport passports passportno travel passeport pasaporte reisepass"),
        (Cue.Driver, "driver drivers driving"),
        (Cue.License, "license licence licenses licences lic permit"),
        (Cue.Driver | Cue.License, "dl dln dmv dvla driverlicense driverslicense fuehrerschein"),
        (Cue.Routing, "routing aba rtn rtns transit"),
        (Cue.Account, "account acct accounts accountnumber checking savings deposit"),
        (Cue.Bank, "bank banking iban swift routing checking savings wire deposit ach"),
        (Cue.Ip, "ip ips ipv address host server gateway subnet network loopback localhost listen listening connect connecting connected from src dst client "
            + "addr remote interface dns ping multicast router nameserver unspecified prefix"),
        (Cue.Version, "version ver release build revision rev firmware sdk schema driver section chapter clause paragraph upgrade"));

    private static readonly FrozenDictionary<string, Cue>.AlternateLookup<ReadOnlySpan<char>> Lookup = Table.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By first letter, which lengths there are: most words are refused by this alone.</summary>
    private static readonly int[] Lengths = BuildLengths();

    /// <summary>What the word, of ASCII letters, says; it is compared without regard to case.</summary>
    public static Cue Of(ReadOnlySpan<char> word) =>
        word.Length is >= 2 and <= LongestWord && (Lengths[(word[0] | 0x20) - 'a'] & (1 << word.Length)) != 0 && Lookup.TryGetValue(word, out var cue) ? cue : Cue.None;

    private static int[] BuildLengths()
    {
        var lengths = new int[26];
        foreach (var word in Table.Keys)
        {
            lengths[word[0] - 'a'] |= 1 << word.Length;
        }

        return lengths;
    }

    private static FrozenDictionary<string, Cue> Build(params (Cue Cue, string Words)[] rows)
    {
        var table = new Dictionary<string, Cue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (cue, words) in rows)
        {
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                table[word] = table.GetValueOrDefault(word) | cue;
            }
        }

        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
