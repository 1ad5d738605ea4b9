using System.Collections.Immutable;
using System.Security.Cryptography;

namespace AgentGate.Kernel.Delegation;

/// <summary>The hashes of a fact tree: RFC 9162 §2.1.1.</summary>
internal static class FactHash
{
    /// <summary>The root of a tree without leaves: the hash of nothing.</summary>
    public static readonly byte[] Empty = SHA256.HashData([]);

    /// <summary>A leaf: SHA-256 over 0x00 and the fact.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> fact)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(fact);
        return hash.GetHashAndReset();
    }

    /// <summary>A node: SHA-256 over 0x01 and both hashes.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + SHA256.HashSizeInBytes)..]);
        return SHA256.HashData(input);
    }

    /// <summary>
    /// Level by level to the root. A last node without a neighbour is taken up as it is, which gives the RFC's tree: its left
    /// side is the largest full one.
    /// </summary>
    public static byte[][][] Levels(IEnumerable<byte[]> leaves)
    {
        var levels = new List<byte[][]> { leaves.ToArray() };
        while (levels[^1].Length > 1)
        {
            var below = levels[^1];
            var level = new byte[(below.Length + 1) / 2][];
            for (var i = 0; i < level.Length; i++)
            {
                level[i] = (2 * i) + 1 < below.Length ? Node(below[2 * i], below[(2 * i) + 1]) : below[2 * i];
            }

            levels.Add(level);
        }

        return [.. levels];
    }

    public static ImmutableArray<string> Path(byte[][][] levels, int index)
    {
        var path = ImmutableArray.CreateBuilder<string>(levels.Length);
        foreach (var level in levels)
        {
            if ((index ^ 1) < level.Length)
            {
                path.Add(Convert.ToHexStringLower(level[index ^ 1]));
            }

            index >>= 1;
        }

        return path.ToImmutable();
    }
}
