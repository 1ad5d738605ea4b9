using System.Globalization;
using System.Text;

namespace AgentGate.Pii.Detection;

/// <summary>
/// The structure of the account part by country: n digits, a letters, c either (SWIFT IBAN Registry, and the national formats
/// in use by countries not yet registered there).
/// </summary>
internal static class IbanRegistry
{
    private const string Table =
        "AD8n12c AE19n AL8n16c AO21n AT16n AZ4a20c BA16n BE12n BF2c22n BF23n BG4a6n8c BH4a14c BI23n BJ2c22n BR23n1a1c BY4c4n16c CF23n CG23n "
        + "CH5n12c CI2c22n CM23n CR18n CV21n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n DZ22n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n "
        + "GA23n GB4a14n GE2a16n GI4a15c GL14n GQ23n GR7n16c GT24c GW2c19n HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IR22n IS22n IT1a10n12c "
        + "JO4a4n18c KM23n KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MA24n MC10n11c2n MD20c ME18n MG23n MK3n10c2n "
        + "ML2c22n MN16n MR23n MT4a5n18c MU4a19n3a MZ21n NE2c22n NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c "
        + "RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SN2c22n SO19n ST21n SV4a20n TD23n TG2c22n TL19n TN20n TR6n16c "
        + "UA6n19c VA18n VG4a16n XK16n YE4a4n18c";

    private static readonly string[]?[] Structures = Read();

    /// <summary>The structures of a country, check digits included; the letters may be of either case.</summary>
    public static bool TryGet(char first, char second, out string[] structures)
    {
        structures = Structures[Index(first, second)] ?? [];
        return structures.Length > 0;
    }

    private static int Index(char first, char second) => (((first | 0x20) - 'a') * 26) + ((second | 0x20) - 'a');

    private static string[]?[] Read()
    {
        var all = new string[]?[26 * 26];
        foreach (var row in Table.Split(' '))
        {
            var structure = new StringBuilder("nn");
            for (var i = 2; i < row.Length;)
            {
                var letter = row.AsSpan(i).IndexOfAny('n', 'a', 'c') + i;
                structure.Append(row[letter], int.Parse(row.AsSpan(i, letter - i), CultureInfo.InvariantCulture));
                i = letter + 1;
            }

            var index = Index(row[0], row[1]);
            all[index] = [.. all[index] ?? [], structure.ToString()];
        }

        return all;
    }
}
