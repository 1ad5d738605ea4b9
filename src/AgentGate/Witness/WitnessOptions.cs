using AgentGate.Kernel.Transparency;

namespace AgentGate.Witness;

/// <summary>Which witnesses cosign the checkpoints of this server's logs, and how many of them it takes to publish one.</summary>
public sealed class WitnessOptions
{
    /// <summary>How many of <see cref="Witnesses"/> must cosign a checkpoint before it is published. 0 without witnesses.</summary>
    /// <value>The default is 0.</value>
    public int Quorum { get; set; }

    /// <summary>How long all witnesses together may take for one checkpoint; who has not answered then has not cosigned.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The witnesses.</summary>
    /// <value>Empty by default.</value>
    public IList<WitnessEndpointOptions> Witnesses { get; } = [];

    /// <summary>The quorum and the keys.</summary>
    /// <exception cref="NoteFormatException">They are not usable.</exception>
    internal WitnessPolicy Policy() => new(Quorum, [.. Witnesses.Select(static witness => NoteKey.Parse(witness.Key))]);

    /// <summary>What is wrong with these options; each problem names its key.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Deadline <= TimeSpan.Zero || Deadline > TimeSpan.FromMinutes(1))
        {
            yield return "AgentGate:Witness:Deadline must be above 0 and at most 1 minute.";
        }

        var usable = true;
        for (var i = 0; i < Witnesses.Count; i++)
        {
            if (!NoteKey.TryParse(Witnesses[i].Key, out _, out var error))
            {
                usable = false;
                yield return $"AgentGate:Witness:Witnesses:{i}:Key: {error} `agentgate witness key` prints it.";
            }

            if (!IsUsable(Witnesses[i].Url))
            {
                yield return $"AgentGate:Witness:Witnesses:{i}:Url must be an absolute http or https URL without user, query or fragment.";
            }
        }

        if (usable && PolicyFault() is { } fault)
        {
            yield return $"AgentGate:Witness: {fault}";
        }
    }

    private static bool IsUsable(Uri? url) =>
        url is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };

    private string? PolicyFault()
    {
        try
        {
            _ = Policy();
            return null;
        }
        catch (NoteFormatException exception)
        {
            return exception.Message;
        }
    }
}
