using System.Net;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Tests.Witness;

/// <summary>A log of leaves, and requests to a witness about it.</summary>
internal sealed class WitnessClient(Uri address) : IDisposable
{
    public const string Origin = "example.com/log";

    private readonly HttpClient _http = new() { BaseAddress = address };

    public static List<byte[]> Honest { get; } = [.. Enumerable.Range(0, 60).Select(static i => MerkleHash.Leaf([(byte)i]))];

    /// <summary>The same log with one entry rewritten.</summary>
    public static List<byte[]> Forked { get; } = [.. Honest.Select(static (leaf, i) => i == 3 ? MerkleHash.Leaf("rewritten"u8) : leaf)];

    public static NoteSigner LogKey { get; } = Signer(1);

    public async Task<(HttpStatusCode Status, string Body, string? Type)> AddAsync(List<byte[]> leaves, int old, int size, NoteSigner? signer = null)
    {
        var proof = old == 0 || old > size ? [] : MerkleTree.ConsistencyPath(leaves[..size], old);
        return await PostAsync(AddCheckpointRequest.Format(old, proof, Note(leaves, size, signer)));
    }

    public async Task<(HttpStatusCode Status, string Body, string? Type)> PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var response = await _http.PostAsync(new Uri("add-checkpoint", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    public async Task<(HttpStatusCode Status, byte[] Body)> CheckpointAsync(string hash)
    {
        using var response = await _http.GetAsync(new Uri($"{hash}/checkpoint", UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    public static byte[] Note(List<byte[]> leaves, int size, NoteSigner? signer = null) =>
        new Checkpoint(Origin, size, MerkleTree.RootOf(leaves, 0, size)).Sign(signer ?? LogKey).ToBytes();

    public static NoteSigner Signer(byte seed, string origin = Origin)
    {
        var key = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat(seed, 32)]);
        return new NoteSigner(key, NoteKey.ForLog(origin, key.PublicKey));
    }

    public void Dispose() => _http.Dispose();
}
