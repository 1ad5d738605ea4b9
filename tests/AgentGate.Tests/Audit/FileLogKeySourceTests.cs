using AgentGate.Audit;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Audit;

public sealed class FileLogKeySourceTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "agentgate-key-" + Guid.NewGuid().ToString("n"));
    private readonly SystemIdSource _ids = new(TimeProvider.System);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var made = FileLogKeySource.Open(_path, null, _ids).Current;
        var read = FileLogKeySource.Open(_path, null, _ids).Current;

        Assert.Equal(made.Secret.ToArray(), read.Secret.ToArray());
        Assert.Equal(made.Id, read.Id);
        Assert.DoesNotContain(Convert.ToHexStringLower(made.Secret.Span), made.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        }
    }

    [Fact]
    public void A_key_file_that_others_may_read_stops_the_start()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        FileLogKeySource.Open(_path, null, _ids);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidOperationException>(() => FileLogKeySource.Open(_path, null, _ids)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_overrides_the_file_and_must_be_long_enough()
    {
        var key = FileLogKeySource.Open(_path, new string('x', 32), _ids);
        Assert.False(File.Exists(_path));
        Assert.Same(key.Current, key.Find(key.Current.Id));
        Assert.Null(key.Find("other"));
        Assert.Throws<InvalidOperationException>(() => FileLogKeySource.Open(_path, "short", _ids));
    }

    [Fact]
    public void A_broken_key_file_stops_the_start()
    {
        FileLogKeySource.Open(_path, null, _ids);
        File.WriteAllText(_path, "not hexadecimal");
        Assert.Throws<InvalidOperationException>(() => FileLogKeySource.Open(_path, null, _ids));
        File.WriteAllText(_path, "00ff");
        Assert.Throws<InvalidOperationException>(() => FileLogKeySource.Open(_path, null, _ids));
    }
}
