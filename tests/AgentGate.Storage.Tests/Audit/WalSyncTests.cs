using AgentGate.Storage.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Audit;

public sealed class WalSyncTests
{
    [Fact]
    public async Task Many_writes_become_one_sync_when_the_interval_is_over()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var keepsTheWal = database.Database.Open("NORMAL");
        database.Execute("CREATE TABLE t (x)");
        var time = new FakeTimeProvider();
        using var sync = new WalSync(database.Database.Path, TimeSpan.FromMilliseconds(5), time, NullLogger.Instance);

        for (var i = 0; i < 100; i++)
        {
            sync.Request();
        }

        Assert.Equal(0, sync.Syncs);
        time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(SpinWait.SpinUntil(() => sync.Syncs == 1, TimeSpan.FromSeconds(10)));

        sync.Request();
        time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(SpinWait.SpinUntil(() => sync.Syncs == 2, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_sync_that_failed_once_vouches_for_nothing_any_more()
    {
        var folder = Directory.CreateTempSubdirectory("agentgate-test-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "log.db-wal"), "");
            var isBroken = true;
            void Flush(Microsoft.Win32.SafeHandles.SafeFileHandle file)
            {
                if (isBroken)
                {
                    throw new IOException("EIO");
                }
            }

            using var sync = new WalSync(
                Path.Combine(folder.FullName, "log.db"), TimeSpan.FromMilliseconds(5), TimeProvider.System, NullLogger.Instance, Flush);

            Assert.Throws<IOException>(sync.SyncNow);
            isBroken = false;
            Assert.StartsWith("AG4008", Assert.Throws<IOException>(sync.SyncNow).Message, StringComparison.Ordinal);
            Assert.Equal(0, sync.Syncs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
