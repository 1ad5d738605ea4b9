namespace AgentGate.Pii.Detection;

/// <summary>
/// How many digits a national number has, by country calling code (ITU-T E.164 assignments and the national numbering plans
/// notified to the ITU; ranges include free-phone and shared-cost numbers).
/// </summary>
internal static class PhonePlans
{
    private const string Table =
        "1:10-10 7:10-10 20:8-10 27:9-10 30:10-12 31:7-11 32:8-9 33:9-9 34:9-9 36:8-9 39:6-12 40:9-9 41:9-12 43:4-13 44:7-10 45:8-8 46:7-10 "
        + "47:5-8 48:9-9 49:5-13 51:8-9 52:10-12 53:6-10 54:10-11 55:8-11 56:9-11 57:8-11 58:10-10 60:8-10 61:5-10 62:7-13 63:8-13 64:8-10 "
        + "65:8-11 66:8-10 81:8-10 82:5-11 84:7-10 86:7-12 90:7-13 91:8-13 92:8-12 93:9-9 94:9-9 95:6-10 98:4-10 211:9-9 212:9-9 213:8-9 "
        + "216:8-8 218:8-9 220:7-7 221:9-9 222:8-8 223:8-8 224:8-9 225:8-10 226:8-8 227:8-8 228:8-8 229:8-10 230:7-10 231:7-9 232:8-8 "
        + "233:8-9 234:7-14 235:8-8 236:8-8 237:8-9 238:7-7 239:7-7 240:9-9 241:7-8 242:9-9 243:7-10 244:9-9 245:7-9 246:7-7 247:4-6 "
        + "248:7-7 249:9-9 250:8-12 251:9-9 252:6-9 253:8-8 254:7-10 255:7-10 256:9-9 257:8-8 258:8-9 260:9-9 261:7-9 262:9-9 263:5-10 "
        + "264:8-10 265:7-9 266:8-8 267:7-10 268:8-9 269:7-7 290:4-5 291:7-7 297:7-7 298:6-6 299:6-6 350:8-8 351:9-9 352:4-11 353:7-10 "
        + "354:7-9 355:6-9 356:8-8 357:8-8 358:5-12 359:6-12 370:8-8 371:8-8 372:4-10 373:8-8 374:5-8 375:6-11 376:6-9 377:8-9 378:6-10 "
        + "380:9-10 381:6-12 382:4-9 383:8-12 385:6-12 386:5-8 387:8-9 389:6-8 420:9-12 421:6-9 423:7-9 500:5-5 501:7-11 502:8-11 503:7-11 "
        + "504:7-11 505:8-8 506:8-10 507:7-11 508:6-9 509:8-8 590:9-9 591:8-9 592:7-7 593:8-11 594:9-9 595:6-11 596:9-9 597:6-7 598:4-13 "
        + "599:7-8 670:7-8 672:5-6 673:7-7 674:7-7 675:7-11 676:5-7 677:5-7 678:5-7 679:7-11 680:7-7 681:6-9 682:5-5 683:4-7 685:5-10 "
        + "686:5-8 687:6-6 688:5-7 689:6-9 690:4-7 691:7-7 692:7-7 800:8-8 808:8-8 850:6-10 852:5-11 853:7-8 855:8-10 856:8-10 870:9-9 "
        + "878:12-12 880:6-10 881:9-9 882:7-12 883:9-12 886:7-10 888:11-11 960:7-10 961:7-8 962:8-9 963:8-9 964:8-10 965:7-8 966:8-10 "
        + "967:7-9 968:7-9 970:8-10 971:5-12 972:7-12 973:8-8 974:7-11 975:7-8 976:8-10 977:8-11 979:9-9 992:9-9 993:8-8 994:9-9 995:6-9 "
        + "996:9-10 998:9-9";

    private static readonly (byte Min, byte Max)[] Plans = Read();

    /// <summary>The length of the calling code at the start of <paramref name="digits"/>, or 0 if none begins so.</summary>
    /// <remarks>Calling codes are prefix-free, so at most one length fits.</remarks>
    public static int CodeLength(ReadOnlySpan<char> digits)
    {
        var code = 0;
        for (var i = 0; i < Math.Min(3, digits.Length); i++)
        {
            code = (code * 10) + (digits[i] - '0');
            if (Plans[code].Max > 0)
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>The bounds of the national number under a calling code that <see cref="CodeLength"/> found.</summary>
    public static (int Min, int Max) Bounds(ReadOnlySpan<char> code)
    {
        var (min, max) = Plans[int.Parse(code, System.Globalization.CultureInfo.InvariantCulture)];
        return (min, max);
    }

    private static (byte Min, byte Max)[] Read()
    {
        var plans = new (byte, byte)[1000];
        foreach (var row in Table.Split(' '))
        {
            var colon = row.IndexOf(':', StringComparison.Ordinal);
            var dash = row.IndexOf('-', StringComparison.Ordinal);
            var code = int.Parse(row.AsSpan(0, colon), System.Globalization.CultureInfo.InvariantCulture);
            plans[code] = (byte.Parse(row.AsSpan(colon + 1, dash - colon - 1), System.Globalization.CultureInfo.InvariantCulture),
                byte.Parse(row.AsSpan(dash + 1), System.Globalization.CultureInfo.InvariantCulture));
        }

        return plans;
    }
}
