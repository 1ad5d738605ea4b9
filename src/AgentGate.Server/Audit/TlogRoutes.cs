using System.Buffers;
using System.Buffers.Binary;
using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Audit;

/// <summary>
/// The logs for everybody who checks them: the keys, and the C2SP <c>tlog-tiles</c> layout. Checkpoints and hash tiles tell nothing
/// but hashes and are public; the entries themselves need a key of their tenant.
/// </summary>
internal static class TlogRoutes
{
    private const string Forever = "public, max-age=31536000, immutable";
    private const string DefaultTenant = "default";
    private const string NotFoundText = "There is no such part of a log.";

    public static void MapTlog(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/").WithTags("Transparency");
        group.MapGet("/.well-known/agentgate/keys.json", Keys)
            .Produces<string>(StatusCodes.Status200OK, "application/jwk-set+json")
            .WithSummary("The public keys of this server, as a JSON Web Key Set.");
        group.MapGet("/.well-known/agentgate/log.vkey", DefaultVerifierKeys)
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("The keys of the default log's checkpoints, as C2SP verifier keys.");
        group.MapGet("/tlog/{tenant}/vkey", VerifierKeys)
            .Produces<string>(StatusCodes.Status200OK, "text/plain").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The keys of a log's checkpoints, as C2SP verifier keys.");
        group.MapGet("/tlog/{tenant}/checkpoint", CheckpointAsync)
            .Produces<string>(StatusCodes.Status200OK, "text/plain").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The newest published checkpoint of a log.");
        group.MapGet("/tlog/{tenant}/tile/entries/{**path}", EntriesAsync).RequireScope(Scopes.AuditRead)
            .Produces<string>(StatusCodes.Status200OK, "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Entries of one's own log, 256 a bundle.");
        group.MapGet("/tlog/{tenant}/tile/{**path}", TileAsync)
            .Produces<string>(StatusCodes.Status200OK, "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Hashes of a log's tree, 256 a tile.");
    }

    private static FileContentHttpResult Keys(HttpContext context, ISigningKeys keys)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(KeySetDocument.Write(keys, context.RequestServices.GetService<INodeKeys>()), "application/jwk-set+json");
    }

    private static IResult DefaultVerifierKeys(HttpContext context, ISigningKeys keys) => VerifierKeys(context, DefaultTenant, keys);

    /// <summary>Computed for any name: who asks learns nothing about which tenants there are, and a witness can be set up before the first checkpoint.</summary>
    private static IResult VerifierKeys(HttpContext context, string tenant, ISigningKeys keys)
    {
        if (KeySetDocument.VerifierKeys(keys, tenant) is not { } lines)
        {
            return NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Text(lines, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> CheckpointAsync(HttpContext context, string tenant, CheckpointPublisher publisher, CancellationToken cancellationToken)
    {
        if (await publisher.PublishedAsync(tenant, cancellationToken) is not { } published)
        {
            return NotFound();
        }

        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(published.Note, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> TileAsync(
        HttpContext context, string tenant, string path, CheckpointPublisher publisher, LogTrees trees, CancellationToken cancellationToken)
    {
        if (await PublishedAsync(publisher, tenant, path, cancellationToken) is not { } tile || tile.Level == TileCoordinates.EntriesLevel)
        {
            return NotFound();
        }

        var hashes = await trees.TilesOf(tenant).ReadTileAsync(tile, cancellationToken);
        if (hashes.Length < tile.Width * MerkleHash.Length)
        {
            return NotFound();
        }

        context.Response.Headers.CacheControl = Forever;
        return TypedResults.Bytes(hashes[..(tile.Width * MerkleHash.Length)], "application/octet-stream");
    }

    private static async Task<IResult> EntriesAsync(
        HttpContext context, string tenant, string path, CheckpointPublisher publisher, IAuditLog log, CancellationToken cancellationToken)
    {
        if (context.GetPrincipal().Tenant != tenant || await PublishedAsync(publisher, tenant, "entries/" + path, cancellationToken) is not { } tile)
        {
            return NotFound();
        }

        var bundle = new ArrayBufferWriter<byte>();
        var first = (tile.Index * TileCoordinates.FullWidth) + 1;
        var next = first;
        await foreach (var entry in log.ReadChainAsync(tenant, first, null, cancellationToken))
        {
            if (next == first + tile.Width)
            {
                break;
            }

            // Each entry with its length in front, two bytes, big-endian (C2SP tlog-tiles, "Log Entries").
            if (entry.Seq != next || entry.Canonical.Length > ushort.MaxValue)
            {
                return NotFound();
            }

            BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(sizeof(ushort)), (ushort)entry.Canonical.Length);
            bundle.Advance(sizeof(ushort));
            bundle.Write(entry.Canonical.Span);
            next++;
        }

        if (next != first + tile.Width)
        {
            return NotFound();
        }

        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Bytes(bundle.WrittenMemory, "application/octet-stream");
    }

    /// <summary>The tile a path names, if it belongs to the published checkpoint's tree. One that another process published last is asked for.</summary>
    private static async ValueTask<TileCoordinates?> PublishedAsync(CheckpointPublisher publisher, string tenant, string path, CancellationToken cancellationToken)
    {
        return TileCoordinates.TryParse("tile/" + path, out var tile)
            && (Covers(publisher.PublishedOf(tenant)) || Covers(await publisher.PublishedAsync(tenant, cancellationToken)))
            ? tile
            : null;

        bool Covers(LogCheckpoint? published)
            => published is not null && tile.Width <= MerkleTiles.WidthAt(tile.Level, tile.Index, published.Checkpoint.Size);
    }

    private static ProblemHttpResult NotFound() => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: NotFoundText, extensions: [new("code", Codes.TileNotFound)]);
}
