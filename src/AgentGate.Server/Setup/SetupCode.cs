using System.Text.Json;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Hosting;
using AgentGate.Server.Identity;

namespace AgentGate.Server.Setup;

/// <summary>
/// The one-time code of the first-run setup: whoever reads the terminal or the state directory is the operator; whoever merely reaches the
/// port first is not. Each server of a cluster has one of its own in its own directory, and each takes those of the others.
/// </summary>
internal sealed class SetupCode(StateDirectory state, IUserDirectory users, IOneTimeRecords records, IIdSource ids, TimeProvider time)
{
    public const string FileName = "setup.code";

    private const string Kind = "setup-code";

    // 20 of 32 letters, without those that look like another: 100 bits.
    private const string Letters = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";
    private const int Length = 20;

    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(30);

    private string File => Path.Combine(state.Path, FileName);

    /// <summary>The code while the setup is open, for the terminal.</summary>
    public string? Text { get; private set; }

    /// <summary>Where the code is kept.</summary>
    public string Place => File;

    /// <summary>Makes the code where there is no user yet; else removes what an earlier start left.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (await users.CountAsync(cancellationToken) > 0)
        {
            Remove();
            return;
        }

        var now = time.GetUtcNow();
        if (System.IO.File.Exists(File) && Fold(await System.IO.File.ReadAllTextAsync(File, cancellationToken)) is { Length: Length } kept
            && await records.FindAsync(Kind, kept, now, cancellationToken) is not null)
        {
            Text = Show(kept);
            return;
        }

        var code = Create();
        await records.AddAsync(
            new OneTimeRecord
            {
                Kind = Kind,
                SecretDigest = IdentitySecrets.DigestOf(code),
                Tenant = IdentityActs.SystemTenant,
                Content = JsonSerializer.Serialize(string.Empty),
                CreatedAt = now,
                ExpiresAt = now + GoodFor,
            },
            cancellationToken);
        StateDirectory.WriteOwned(File, Show(code) + "\n");
        Text = Show(code);
    }

    /// <summary>Whether a text is a code of this installation. Looking does not use it: the first user ends it.</summary>
    public async ValueTask<bool> FitsAsync(string? text, CancellationToken cancellationToken)
        => text is { Length: <= 64 } && Fold(text) is { Length: Length } code && await records.FindAsync(Kind, code, time.GetUtcNow(), cancellationToken) is not null;

    /// <summary>Ends the code.</summary>
    public void Remove()
    {
        Text = null;
        System.IO.File.Delete(File);
    }

    private static string Show(string code) => string.Join('-', code.Chunk(5).Select(static five => new string(five)));

    private static string Fold(string text) => string.Concat(text.ToUpperInvariant().Where(Letters.Contains));

    private string Create()
    {
        Span<byte> random = stackalloc byte[Length];
        ids.Fill(random);
        var code = new char[Length];
        for (var i = 0; i < Length; i++)
        {
            code[i] = Letters[random[i] % Letters.Length];
        }

        return new string(code);
    }
}
