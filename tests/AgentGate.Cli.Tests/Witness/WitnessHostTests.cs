using System.Net;
using AgentGate.Cli.Witness;
using AgentGate.Kernel.Transparency;
using Microsoft.AspNetCore.Builder;

namespace AgentGate.Cli.Tests.Witness;

public sealed class WitnessHostTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();
    private readonly StringWriter _said = new();

    public void Dispose()
    {
        _said.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_log_that_only_grows_is_cosigned_at_every_size()
    {
        await using var witness = await Running.StartAsync(_scratch, _said);

        foreach (var (old, size) in new[] { (0, 1), (1, 7), (7, 7), (7, 60) })
        {
            var (status, body, _) = await witness.Client.AddAsync(WitnessClient.Honest, old, size);

            Assert.Equal(HttpStatusCode.OK, status);
            Assert.True(NoteSignature.TryParse(body.TrimEnd('\n'), out var line));
            Assert.True(witness.Key.Verify(SignedNote.Parse(WitnessClient.Note(WitnessClient.Honest, size)).Text.Span, line, out var at));
            Assert.Equal(Now, at);
        }
    }

    [Fact]
    public async Task Forks_rollbacks_and_strangers_are_refused_and_change_nothing()
    {
        await using var witness = await Running.StartAsync(_scratch, _said);
        Assert.Equal(HttpStatusCode.OK, (await witness.Client.AddAsync(WitnessClient.Honest, 0, 20)).Status);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await witness.Client.AddAsync(WitnessClient.Forked, 20, 20)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await witness.Client.AddAsync(WitnessClient.Forked, 20, 40)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await witness.Client.AddAsync(WitnessClient.Honest, 20, 10)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await witness.Client.AddAsync(WitnessClient.Honest, 20, 40, WitnessClient.Signer(2))).Status);
        Assert.Equal((HttpStatusCode.Conflict, "20\n", "text/x.tlog.size"), await witness.Client.AddAsync(WitnessClient.Honest, 10, 40));
        Assert.Equal(HttpStatusCode.Conflict, (await witness.Client.AddAsync(WitnessClient.Honest, 0, 10)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await witness.Client.PostAsync("old 1\n\nnothing\n"u8.ToArray())).Status);
        var other = new Checkpoint("example.com/other", 1, new byte[32]).Sign(WitnessClient.Signer(1, "example.com/other"));
        Assert.Equal(HttpStatusCode.NotFound, (await witness.Client.PostAsync(AddCheckpointRequest.Format(0, [], other.ToBytes()))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await witness.Client.PostAsync(new byte[AddCheckpointRequest.LengthMax + 1])).Status);

        Assert.Equal(HttpStatusCode.OK, (await witness.Client.AddAsync(WitnessClient.Honest, 20, 40)).Status);
        Assert.Equal(2, _said.ToString().Split("REFUSED").Length - 1);
    }

    [Fact]
    public async Task Of_requests_at_once_that_continue_the_same_checkpoint_only_one_history_is_cosigned()
    {
        await using var witness = await Running.StartAsync(_scratch, _said);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => witness.Client.AddAsync(i % 2 == 0 ? WitnessClient.Honest : WitnessClient.Forked, 0, 10 + i)));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(15, answers.Count(static answer => answer.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_monitor_gets_the_note_with_the_cosignature_and_strange_signatures_left_out()
    {
        await using var witness = await Running.StartAsync(_scratch, _said);
        var hash = WitnessStore.HashOf(WitnessClient.Origin);
        Assert.Equal(HttpStatusCode.NotFound, (await witness.Client.CheckpointAsync(hash)).Status);

        var note = SignedNote.Parse(WitnessClient.Note(WitnessClient.Honest, 5));
        var strange = WitnessClient.Signer(9, "example.com/else").Sign(note.Text.Span);
        await witness.Client.PostAsync(AddCheckpointRequest.Format(0, [], note.With([strange]).ToBytes()));
        var (status, body) = await witness.Client.CheckpointAsync(hash);

        Assert.Equal(HttpStatusCode.OK, status);
        var served = SignedNote.Parse(body);
        Assert.True(served.Verify([witness.Key], out _));
        Assert.True(served.Verify([WitnessClient.LogKey.PublicKey], out _));
        Assert.Equal(2, served.Signatures.Count);
        Assert.Equal(HttpStatusCode.NotFound, (await witness.Client.CheckpointAsync(new string('0', 64))).Status);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_cosigned()
    {
        await using var witness = await Running.StartAsync(_scratch, _said);
        var path = Path.Combine(_scratch.Path("state"), WitnessStore.HashOf(WitnessClient.Origin) + ".note.new");
        Directory.CreateDirectory(path);

        Assert.Equal(HttpStatusCode.InternalServerError, (await witness.Client.AddAsync(WitnessClient.Honest, 0, 20)).Status);
        Directory.Delete(path);
        Assert.Equal(HttpStatusCode.OK, (await witness.Client.AddAsync(WitnessClient.Honest, 0, 10)).Status);
    }

    [Fact]
    public async Task A_state_file_that_was_changed_stops_the_start()
    {
        await using (var witness = await Running.StartAsync(_scratch, _said))
        {
            await witness.Client.AddAsync(WitnessClient.Honest, 0, 20);
        }

        var path = Path.Combine(_scratch.Path("state"), WitnessStore.HashOf(WitnessClient.Origin) + ".note");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\n20\n", "\n10\n", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<UnusableInputException>(() => Running.StartAsync(_scratch, _said));
        Assert.Contains("begin anew with another key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_cosigned_for_another_log_does_not_stand_in()
    {
        await using (var witness = await Running.StartAsync(_scratch, _said))
        {
            await witness.Client.AddAsync(WitnessClient.Honest, 0, 20);
        }

        File.Move(
            Path.Combine(_scratch.Path("state"), WitnessStore.HashOf(WitnessClient.Origin) + ".note"),
            Path.Combine(_scratch.Path("state"), WitnessStore.HashOf("example.com/other") + ".note"));

        await Assert.ThrowsAsync<UnusableInputException>(() => Running.StartAsync(_scratch, _said, "example.com/other"));
    }

    [Fact]
    public void A_key_file_is_made_for_its_owner_alone_and_read_again()
    {
        var path = _scratch.Path("w.key");
        Assert.Throws<UnusableInputException>(() => WitnessKeyFile.OpenOrCreate(path, null));
        Assert.Throws<UnusableInputException>(() => WitnessKeyFile.OpenOrCreate(path, "two words"));
        using var made = WitnessKeyFile.OpenOrCreate(path, "witness.example/w1");

        var (exit, printed, _) = Cli.Run("", "witness", "key", "--key", path);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(made.Signer.PublicKey.ToString(), printed.TrimEnd('\n'));
        Assert.Equal("witness.example/w1", made.Signer.PublicKey.Name);
        Assert.Throws<UnusableInputException>(() => WitnessKeyFile.OpenOrCreate(path, "witness.example/w2"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("can be read by others", Assert.Throws<UnusableInputException>(() => WitnessKeyFile.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRIVATE+KEY+w+00000000+BAAA")]
    [InlineData("PRIVATE+KEY+w+00000000+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("PRIVATE+KEY+w+zz+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_key_is_refused(string text)
    {
        var path = _scratch.File("bad.key", text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Throws<UnusableInputException>(() => WitnessKeyFile.Open(path));
    }

    [Theory]
    [InlineData("--listen", "localhost")]
    [InlineData("--listen", "1.2.3.4")]
    [InlineData("--log", "no key")]
    public void Unusable_options_are_named(string option, string value)
    {
        var log = option == "--log" ? value : WitnessClient.LogKey.PublicKey.ToString();
        var listen = option == "--listen" ? value : "127.0.0.1:0";

        var (exit, _, error) = Cli.Run(
            "", "witness", "run", "--name", "w", "--key", _scratch.Path("k"), "--state", _scratch.Path("s"), "--log", log, "--listen", listen);

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains(option, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_how_to_begin()
    {
        var (exit, help, _) = Cli.Run("", "witness", "--help");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("agentgate witness run --name", help, StringComparison.Ordinal);
    }

    /// <summary>A witness in this process.</summary>
    private sealed class Running(WitnessKeyFile file, WitnessStore store, WebApplication app) : IAsyncDisposable
    {
        public NoteKey Key => file.Signer.PublicKey;

        public WitnessClient Client { get; } = new(new Uri(app.Urls.First() + "/"));

        public static async Task<Running> StartAsync(Scratch scratch, TextWriter said, string origin = WitnessClient.Origin)
        {
            var file = WitnessKeyFile.OpenOrCreate(scratch.Path("w.key"), "witness.example/w1");
            var store = WitnessStore.Open(scratch.Path("state"), file.Signer.PublicKey);
            try
            {
                var keys = new Dictionary<string, IReadOnlyList<NoteKey>> { [origin] = [WitnessClient.Signer(1, origin).PublicKey] };
                var service = new WitnessService(file.Signer, keys, store, new Fixed(), TextWriter.Synchronized(said));
                var app = WitnessHost.Build(service, new IPEndPoint(IPAddress.Loopback, 0));
                await app.StartAsync();
                return new Running(file, store, app);
            }
            catch (UnusableInputException)
            {
                store.Dispose();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.DisposeAsync();
            store.Dispose();
            file.Dispose();
        }
    }

    private sealed class Fixed : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
