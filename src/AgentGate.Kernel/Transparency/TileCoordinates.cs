using System.Globalization;
using System.Text;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Which tile of a tree: the C2SP <c>tlog-tiles</c> layout. A tile at level <c>l</c> and index <c>n</c> holds the roots of up to 256
/// neighbouring complete subtrees of <c>256^l</c> leaves each, from leaf <c>n * 256^(l + 1)</c> on.
/// </summary>
/// <param name="Level">0 for leaf hashes; <see cref="EntriesLevel"/> for the bundle of the entries themselves.</param>
/// <param name="Index">The position within the level, from 0.</param>
/// <param name="Width">How many hashes or entries: 1 to 256. A tile of 256 is full and never changes.</param>
public readonly record struct TileCoordinates(int Level, long Index, int Width)
{
    /// <summary>The width of a full tile: 256.</summary>
    public const int FullWidth = 256;

    /// <summary>The level that stands for entry bundles, which have the same indexes and widths as the tiles of level 0.</summary>
    public const int EntriesLevel = -1;

    /// <summary>The highest level a path may name: 63. A tree of 2^63 leaves needs no more than 7.</summary>
    public const int LevelMax = 63;

    /// <summary>The longest path that is read: 64 characters.</summary>
    public const int PathLengthMax = 64;

    private const string Entries = "entries";

    /// <summary>Whether the tile is full.</summary>
    public bool IsFull => Width == FullWidth;

    /// <summary>The same tile when it is full.</summary>
    public TileCoordinates Full => this with { Width = FullWidth };

    /// <summary>The path below a log's prefix: <c>tile/0/x001/x234/067</c>, <c>tile/1/000.p/17</c>, <c>tile/entries/000</c>.</summary>
    /// <returns>The path, without a leading slash.</returns>
    public override string ToString()
    {
        var path = new StringBuilder("tile/");
        path.Append(Level == EntriesLevel ? Entries : Level.ToString(CultureInfo.InvariantCulture));
        var digits = Index.ToString(CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var i = 0; i < digits.Length; i += 3)
        {
            path.Append(i + 3 < digits.Length ? "/x" : "/").Append(digits, i, 3);
        }

        return IsFull ? path.ToString() : path.Append(CultureInfo.InvariantCulture, $".p/{Width}").ToString();
    }

    /// <summary>Reads a path in exactly the form <see cref="ToString"/> writes.</summary>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="tile">The tile.</param>
    /// <returns>Whether it is the path of a tile. Other spellings of the same tile are refused: each tile has one address.</returns>
    public static bool TryParse(ReadOnlySpan<char> path, out TileCoordinates tile)
    {
        tile = default;
        if (path.Length > PathLengthMax || !path.StartsWith("tile/", StringComparison.Ordinal))
        {
            return false;
        }

        var rest = path["tile/".Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0 || !TryLevel(rest[..slash], out var level))
        {
            return false;
        }

        rest = rest[(slash + 1)..];
        var width = FullWidth;
        if (rest.IndexOf(".p/", StringComparison.Ordinal) is var partial and >= 0)
        {
            if (!TryNumber(rest[(partial + 3)..], 3, out var number) || number is < 1 or >= FullWidth)
            {
                return false;
            }

            width = (int)number;
            rest = rest[..partial];
        }

        if (!TryIndex(rest, out var index))
        {
            return false;
        }

        tile = new TileCoordinates(level, index, width);
        return true;
    }

    private static bool TryLevel(ReadOnlySpan<char> text, out int level)
    {
        level = EntriesLevel;
        if (text is Entries)
        {
            return true;
        }

        var read = TryNumber(text, 2, out var number) && number <= LevelMax;
        level = (int)number;
        return read;
    }

    private static bool TryIndex(ReadOnlySpan<char> text, out long index)
    {
        index = 0;
        var first = true;
        while (true)
        {
            var last = text.Length == 3;
            var element = last ? text : text.Length >= 5 && text[0] == 'x' && text[4] == '/' ? text[1..4] : [];
            if (element.Length != 3 || element.ContainsAnyExceptInRange('0', '9') || (first && !last && element is "000"))
            {
                return false;
            }

            var digits = ((element[0] - '0') * 100) + ((element[1] - '0') * 10) + (element[2] - '0');
            if (index > (long.MaxValue - digits) / 1000)
            {
                return false;
            }

            index = (index * 1000) + digits;
            if (last)
            {
                return true;
            }

            text = text[5..];
            first = false;
        }
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int lengthMax, out long number)
    {
        number = 0;
        return text.Length > 0 && text.Length <= lengthMax && !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
