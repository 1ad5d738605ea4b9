using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Admissibility;

/// <summary>The settings of Γ as canonical JSON (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class SettingsJson
{
    /// <summary>The most obligations that are read.</summary>
    public const int ObligationsMax = 1_024;

    /// <summary>The most safety nodes that are read.</summary>
    public const int NodesMax = 64;

    /// <summary>Writes settings. Obligations and nodes are sorted here, in whatever order they are given; what stands twice is written once.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Their canonical bytes.</returns>
    public static byte[] Write(AdmissibilitySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var output = new CanonicalBuffer(1024);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Name("\"attestation_seconds\":"u8);
        json.Number((long)settings.AttestationLifetime.TotalSeconds);
        json.Name("\"obligations\":"u8);
        json.BeginArray();
        foreach (var (action, obligation) in settings.Obligations.Distinct()
            .OrderBy(static item => item.Action, StringComparer.Ordinal).ThenBy(static item => item.Obligation, StringComparer.Ordinal))
        {
            json.BeginObject();
            json.Name("\"action\":"u8);
            json.Text(action);
            json.Name("\"obligation\":"u8);
            json.Text(obligation);
            json.EndObject();
        }

        json.EndArray();
        if (settings.Quorum is { } quorum)
        {
            json.Name("\"quorum\":"u8);
            WriteQuorum(ref json, quorum);
        }

        json.Name("\"validity_seconds\":"u8);
        json.Number((long)settings.Validity.TotalSeconds);
        json.Name("\"version\":"u8);
        json.Number(1);
        json.EndObject();
        return output.Written.ToArray();
    }

    /// <summary>The hash of settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>SHA-256 of their canonical bytes, lower-case hex.</returns>
    public static string Hash(AdmissibilitySettings settings) => CanonicalHash.Of(Write(settings));

    /// <summary>Reads settings.</summary>
    /// <param name="utf8Json">JSON; layout and order of members do not count.</param>
    /// <exception cref="FormatException">They are not settings: the message names the member.</exception>
    public static AdmissibilitySettings Parse(ReadOnlySpan<byte> utf8Json)
    {
        using var document = StrictJson.Parse(utf8Json);
        return Read(document.Root("settings"));
    }

    internal static AdmissibilitySettings Read(StrictElement json)
    {
        json.Members(["version", "validity_seconds", "attestation_seconds", "obligations"], ["quorum"]);
        json["version"].Version();
        return new AdmissibilitySettings
        {
            Validity = Seconds(json["validity_seconds"]),
            AttestationLifetime = Seconds(json["attestation_seconds"]),
            Obligations = json["obligations"].Sorted(ObligationsMax, ReadObligation, static item => (item.Action, item.Obligation)),
            Quorum = json.Has("quorum") ? ReadQuorum(json["quorum"]) : null,
        };
    }

    private static TimeSpan Seconds(StrictElement json)
    {
        // Up to the whole calendar; more would not fit into a time.
        const long SecondsMax = 9_999L * 366 * 24 * 3_600;
        var seconds = json.Count();
        return seconds <= SecondsMax ? TimeSpan.FromSeconds(seconds) : throw json.Error("is longer than the calendar");
    }

    private static SettingObligation ReadObligation(StrictElement json)
    {
        json.Members(["action", "obligation"]);
        return new SettingObligation(json["action"].Text(), json["obligation"].Word(Obligations.All));
    }

    private static VoteQuorum ReadQuorum(StrictElement json)
    {
        json.Members(["votes", "nodes"]);
        var nodes = json["nodes"].Sorted(NodesMax, ReadNode, static node => (node.NodeId, ""));
        var votes = json["votes"].Count();
        if (nodes.DistinctBy(static node => node.KeyId, StringComparer.Ordinal).Count() != nodes.Length)
        {
            throw json["nodes"].Error("gives two nodes one key, whose holder would vote twice");
        }

        return votes is > 0 and <= NodesMax ? new VoteQuorum((int)votes, nodes) : throw json["votes"].Error($"is not from 1 to {NodesMax}");
    }

    private static VoteNode ReadNode(StrictElement json)
    {
        json.Members(["node_id", "key_id"]);
        return new VoteNode(json["node_id"].Text(), json["key_id"].Text());
    }

    private static void WriteQuorum(ref CanonicalWriter json, VoteQuorum quorum)
    {
        json.BeginObject();
        json.Name("\"nodes\":"u8);
        json.BeginArray();
        foreach (var (id, key) in quorum.Nodes.OrderBy(static node => node.NodeId, StringComparer.Ordinal))
        {
            json.BeginObject();
            json.Name("\"key_id\":"u8);
            json.Text(key);
            json.Name("\"node_id\":"u8);
            json.Text(id);
            json.EndObject();
        }

        json.EndArray();
        json.Name("\"votes\":"u8);
        json.Number(quorum.Votes);
        json.EndObject();
    }
}
