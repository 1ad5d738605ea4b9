using System.Globalization;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>
/// The gateway with everything on, beside a bare pass-through and beside Portkey, all to the same mock upstream, in
/// interleaved rounds: what else the machine does hits each of them alike.
/// </summary>
internal static class GatewayBench
{
    private static readonly int[] Connections = [1, 16];

    public static IEnumerable<BenchTable> Run(BenchSettings settings)
    {
        var scratch = settings.NewFolder("gateway");
        using var servers = new PeerServers(settings.Root, scratch);
        var direct = servers.Mock();
        var yarp = servers.Yarp(direct);
        servers.AgentGate(direct, "write");
        servers.AgentGate(direct, "commit");
        var (portkey, missing) = servers.Portkey(direct);
        var syncs = new List<double> { DiskSync.Measure(scratch) };
        foreach (var peer in servers.All)
        {
            // Long enough for the second compilation of what is hot; on a busy machine it still takes part of the first round.
            LoadGenerator.Run(peer.Process.Port, peer.Request, 16, 2 * settings.WarmUp);
            LoadGenerator.Run(peer.Process.Port, peer.Request, 1, settings.WarmUp);
        }

        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var connections in Connections)
            {
                // Each round begins with another server, so that none always follows the same neighbour.
                for (var i = 0; i < servers.All.Count; i++)
                {
                    var peer = servers.All[(i + round) % servers.All.Count];
                    var before = peer.Process.ProcessorTime;
                    var result = LoadGenerator.Run(peer.Process.Port, peer.Request, connections, settings.Round);
                    result = result with { Processor = (peer.Process.ProcessorTime - before).TotalMicroseconds / Math.Max(1, result.Requests) };
                    (peer.Rounds.TryGetValue(connections, out var list) ? list : peer.Rounds[connections] = []).Add(result);
                }
            }

            syncs.Add(DiskSync.Measure(scratch));
        }

        var sync = Samples.Median(syncs);
        foreach (var connections in Connections)
        {
            yield return Table(servers.All, direct, yarp, portkey, connections, sync, settings, missing);
        }
    }

    private static BenchTable Table(
        List<Peer> peers, Peer direct, Peer yarp, Peer? portkey, int connections, double sync, BenchSettings settings, string? missing)
    {
        var table = new BenchTable(
            $"gateway_c{connections}",
            string.Create(CultureInfo.InvariantCulture,
                $"Gateway, 1 KB chat ({ChatTexts.Request.Length} bytes in, {ChatTexts.Answer.Length} out), c = {connections}, {settings.Rounds} rounds of {settings.Round.TotalSeconds:F1} s, medians of rounds"),
            ("p50 ms", "F3"), ("min", "F3"), ("max", "F3"), ("p99 ms", "F3"), ("req/s", "N0"), ("min", "N0"), ("max", "N0"),
            ("overhead p50 ms", "F3"), ("p50 / YARP", "F2"), ("req/s / YARP", "F2"), ("req/s / Portkey", "F1"), ("CPU us/req", "N0"), ("RSS MiB", "N0"));
        foreach (var peer in peers)
        {
            var rounds = peer.Rounds[connections];
            var rate = Rate(peer);
            var overhead = peer == direct ? default(double?) : Overhead(peer);
            var toYarp = rate / Rate(yarp);
            var toPortkey = portkey is null ? default(double?) : rate / Rate(portkey);
            var row = new BenchRow(
                peer.Name,
                P50(peer), rounds.Min(r => r.P50), rounds.Max(r => r.P50), Samples.Median(rounds.Select(r => r.P99)),
                rate, rounds.Min(r => r.PerSecond), rounds.Max(r => r.PerSecond),
                overhead, P50(peer) / P50(yarp), toYarp, toPortkey, Samples.Median(rounds.Select(r => r.Processor)), peer.Process.PeakMemory);
            table.Rows.Add(Against(row, peer, overhead, toYarp, toPortkey));
        }

        table.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"one fsync of 4 KiB on this disk: {sync:F3} ms (median of {settings.Rounds + 1} probes); a call under `commit` waits for two, intent and outcome; the probe may overstate what SQLite's sync costs, so `commit` gets no verdict"));
        table.Notes.Add("load generator, mock and servers share the machine; overhead = p50 - direct p50 of the same round");
        if (missing is not null)
        {
            table.Notes.Add("PORTKEY IS MISSING, its ratios are not measured: " + missing);
        }

        return table;

        double P50(Peer peer) => Samples.Median(peer.Rounds[connections].Select(r => r.P50));
        double Rate(Peer peer) => Samples.Median(peer.Rounds[connections].Select(r => r.PerSecond));
        double Overhead(Peer peer) => Samples.Median(peer.Rounds[connections].Zip(direct.Rounds[connections], (own, base_) => own.P50 - base_.P50));

        BenchRow Against(BenchRow row, Peer peer, double? overhead, double toYarp, double? toPortkey)
        {
            if (!peer.Name.StartsWith("AgentGate", StringComparison.Ordinal))
            {
                return row;
            }

            if (connections == 1)
            {
                // No verdict on `commit`: the probe's fsync came out several times slower than SQLite's whole commit on the same
                // disk, so that "the same plus one fsync" would hold for any figure.
                return peer.Name.EndsWith("write", StringComparison.Ordinal) ? row.Against("overhead <= 0.25 ms p50", overhead <= 0.25) : row;
            }

            return row.Against(">= 10 x Portkey, >= 0.5 x YARP req/s", toYarp >= 0.5 && toPortkey is null or >= 10);
        }
    }
}
