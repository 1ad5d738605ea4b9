namespace AgentGate.Server.Identity;

/// <summary>How passwords are hashed, and how many at once. Section <c>AgentGate:Passwords</c>.</summary>
internal sealed class PasswordOptions
{
    public const string Section = "AgentGate:Passwords";

    /// <summary>The least cost a server takes outside development.</summary>
    public const int CostMin = 12;

    /// <summary>The cost of bcrypt, as a power of two. Default 12; 12 to 16, in development 4 to 16.</summary>
    public int Cost { get; set; } = CostMin;

    /// <summary>The most passwords that are hashed at once. Default 0: half of the processors.</summary>
    public int Parallel { get; set; }

    /// <summary>The most passwords that wait to be hashed. Default 64.</summary>
    public int WaitingMax { get; set; } = 64;

    /// <summary>The fewest characters of a new password. Default 12; 8 to 128.</summary>
    public int LengthMin { get; set; } = 12;

    /// <summary>A file of passwords that nobody may have, one a line, beside those the server knows.</summary>
    public string? CommonFile { get; set; }

    /// <summary>What is wrong with the settings.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="development">Whether cheap hashes are allowed.</param>
    public static IEnumerable<string> Faults(PasswordOptions options, bool development)
    {
        var least = development ? 4 : CostMin;
        if (options.Cost < least || options.Cost > 16)
        {
            yield return $"{Section}:Cost must be between {least} and 16.";
        }

        if (options.Parallel is < 0 or > 256)
        {
            yield return $"{Section}:Parallel must be between 0 and 256.";
        }

        if (options.WaitingMax is < 1 or > 10_000)
        {
            yield return $"{Section}:WaitingMax must be between 1 and 10000.";
        }

        if (options.LengthMin is < 8 or > 128)
        {
            yield return $"{Section}:LengthMin must be between 8 and 128.";
        }

        if (options.CommonFile is { Length: > 0 } file && !File.Exists(file))
        {
            yield return $"{Section}:CommonFile names {file}, which does not exist.";
        }
    }
}
