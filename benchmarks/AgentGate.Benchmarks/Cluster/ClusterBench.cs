using AgentGate.Benchmarks.Gateway;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Cluster;

/// <summary>The same server on a file and on PostgreSQL and Redis, alone and as two: calls, appended entries and limits, in one run.</summary>
internal static class ClusterBench
{
    private static readonly int[] Connections = [1, 16, 64];

    public static IEnumerable<BenchTable> Run(BenchSettings settings)
    {
        var table = new BenchTable(
            "cluster",
            $"Embedded and cluster, 1 KB chat through the whole gateway to a mock upstream, wrk for {settings.Round.TotalSeconds * 2:F0} s each; every call is one limit question, one reservation, two log entries with a certificate",
            ("c", "N0"), ("req/s", "N0"), ("p50 ms", "F2"), ("p99 ms", "F2"), ("log entries/s", "N0"), ("limit questions/s", "N0"), ("refused", "N0"));
        if (ClusterStores.Missing() is { } missing)
        {
            table.Notes.Add("NOT MEASURED: " + missing);
            return [table];
        }

        var scratch = settings.NewFolder("cluster");
        using var stores = new ClusterStores();
        using var servers = new PeerServers(settings.Root, scratch);
        var mock = servers.Mock();
        foreach (var durability in (string[])["commit", "write"])
        {
            Measure($"embedded, log {durability}", [servers.Start(mock, $"embedded-{durability}", durability, null)]);
        }

        // Two servers of one cluster share their keys, and so a state directory.
        var first = servers.Start(mock, "cluster", "commit", stores);
        Measure("cluster, one server, log commit", [first]);
        Measure("cluster, two servers, log commit", [first, servers.Start(mock, "cluster", "commit", stores, first.Key)]);
        table.Notes.Add("wrk, mock, servers, PostgreSQL (fsync on) and Redis (appendonly) share the machine: two servers have no second machine to use here");
        return [table];

        void Measure(string name, (int Port, string Key)[] running)
        {
            var ports = running.Select(server => server.Port).ToArray();
            Wrk.Run(scratch, running[0].Key, 16, settings.WarmUp, ports);
            foreach (var connections in Connections)
            {
                var result = Wrk.Run(scratch, running[0].Key, connections, settings.Round * 2, ports);
                if (result.Refused > 0)
                {
                    table.Notes.Add($"NOT VALID: {name}, c={connections}: {result.Refused:N0} calls were refused; a refused call costs less than one that is made");
                }

                table.Rows.Add(new BenchRow(name, connections, result.PerSecond, result.P50, result.P99, 2 * result.PerSecond, result.PerSecond, result.Refused));
            }
        }
    }
}
