using System.Globalization;
using LocalCluster;
using Npgsql;

namespace AgentGate.Storage.Tests.Demo;

/// <summary>What the demo cluster starts, it ends: also after a start that was cut off, or a run that was killed.</summary>
public sealed class DemoClusterTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _state = Path.Combine(Path.GetTempPath(), "agentgate-demo-" + Guid.NewGuid().ToString("n")[..12]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Servers_are_told_their_stores_and_inherit_no_other()
    {
        var settings = LocalServer.Settings("/keys", "postgresql://own", "redis://own");

        Assert.Equal("", settings["DATABASE_OWNER_URL"]);
        Assert.Equal("", settings["AGENTGATE_RUNTIME_PROFILE"]);
        Assert.Equal("cluster", settings["AGENTGATE_PROFILE"]);
        Assert.Equal("postgresql://own", settings["DATABASE_URL"]);
        Assert.Equal("redis://own", settings["REDIS_URL"]);
    }

    [Fact]
    public async Task What_a_killed_run_left_is_asked_with_its_own_signal()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        await using var processes = new StartedProcesses(folder);
        var (process, log) = await TrapAsync(processes, folder, "INT", "trap 'echo asked; exit 0' INT; trap 'echo wrong; exit 1' TERM");

        await OwnedProcess.EndLeftoverAsync(File.ReadAllLines(folder.In("started")).Single());

        await process.Ended.WaitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
        await processes.DisposeAsync();
        Assert.Contains("asked", await File.ReadAllTextAsync(log, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_heed_its_signal_is_killed_and_the_next_start_goes_on()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        await using var processes = new StartedProcesses(folder);
        var (process, _) = await TrapAsync(processes, folder, "TERM", "trap '' TERM");

        await OwnedProcess.EndLeftoverAsync(process.Identity, TimeSpan.FromMilliseconds(200));

        await process.Ended.WaitAsync(Stop);
        Assert.Equal(128 + 9, process.ExitCode);
        await OwnedProcess.EndLeftoverAsync(process.Identity);
    }

    [Fact]
    public async Task A_number_that_is_another_process_by_now_is_left_alone()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        await using var processes = new StartedProcesses(folder);
        var (process, _) = await TrapAsync(processes, folder, "TERM", ":");

        await OwnedProcess.EndLeftoverAsync(process.Identity.Split(' ')[0] + " 1 KILL");

        Assert.False(process.HasEnded);
    }

    [Fact]
    public async Task Each_process_is_on_record_from_its_start_until_all_have_ended_and_its_words_are_its_owners_alone()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        await File.WriteAllTextAsync(folder.In("b.log"), "of an earlier version", Stop);
        await using (var processes = new StartedProcesses(folder))
        {
            var (first, _) = await TrapAsync(processes, folder, "TERM", ":", "a");
            var (second, log) = await TrapAsync(processes, folder, "INT", "trap 'exit 0' INT", "b");

            Assert.Equal([first.Identity, second.Identity], await File.ReadAllLinesAsync(folder.In("started"), Stop));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(log));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.In("a.log")));
        }

        Assert.False(File.Exists(folder.In("started")));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_off_is_begun_anew_and_a_whole_one_is_kept()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        Directory.CreateDirectory(folder.In("postgres/data"));
        await File.WriteAllTextAsync(folder.In("postgres/data/PG_VERSION"), "15", Stop);
        await using (var processes = new StartedProcesses(folder))
        {
            var (_, url) = await LocalPostgres.StartAsync(folder, processes, Stop);
            await ExecuteAsync(url, "CREATE TABLE kept (n int)");
        }

        await using (var processes = new StartedProcesses(folder))
        {
            var (_, url) = await LocalPostgres.StartAsync(folder, processes, Stop);
            await ExecuteAsync(url, "INSERT INTO kept VALUES (1)");
        }

        Assert.DoesNotContain(folder.Secret("postgres"), await File.ReadAllTextAsync(folder.In("postgres.log"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_is_stopped_leaves_nothing_and_the_next_one_works()
    {
        using var folder = await DemoFolder.OpenAsync(_state, fresh: false);
        int id;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        await using (var processes = new StartedProcesses(folder))
        {
            var starting = LocalPostgres.StartAsync(folder, processes, stop.Token);
            while (processes.Running.Count == 0)
            {
                await Task.Yield();
            }

            id = int.Parse(processes.Running[0].Identity.Split(' ')[0], CultureInfo.InvariantCulture);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        }

        Assert.False(Directory.Exists($"/proc/{id}"));
        Assert.False(File.Exists(folder.In("started")));
        await using var again = new StartedProcesses(folder);
        var (_, url) = await LocalPostgres.StartAsync(folder, again, Stop);
        await ExecuteAsync(url, "SELECT 1");
    }

    public void Dispose()
    {
        if (Directory.Exists(_state))
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    /// <summary>A shell that has set its traps.</summary>
    private static async Task<(OwnedProcess Process, string Log)> TrapAsync(StartedProcesses processes, DemoFolder folder, string terminate, string traps, string name = "shell")
    {
        var (log, ready) = (folder.In(name + ".log"), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var process = processes.Start(
            name, log, new Dictionary<string, string>(), null, terminate, line => ready.TrySetResult(), "bash", "-c", traps + "; echo ready; while true; do sleep 0.05; done");
        await ready.Task.WaitAsync(Stop);
        return (process, log);
    }

    private static async Task ExecuteAsync(string url, string sql)
    {
        await using var source = NpgsqlDataSource.Create(AgentGate.Storage.Cluster.Connections.PostgresUrl.Read("DATABASE_URL", url).ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
