using System.Text.Json;
using AgentGate.Certificates;
using AgentGate.Client;
using AgentGate.Client.Certificates;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Certificates;

/// <summary>The safety nodes of one's own tenant. Whose votes count is part of Γ: every change of them makes another one.</summary>
internal static class SafetyNodeEndpoints
{
    private const string Route = "/api/security/safety-nodes";

    public static IEndpointRouteBuilder MapSafetyNodes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Route).WithTags("Certificates");
        group.MapGet(string.Empty, List).RequireScope(Scopes.NodesRead)
            .Produces<SafetyNodeList>()
            .WithSummary("List the safety nodes whose votes count for the own tenant.");
        group.MapPost(string.Empty, AddAsync).RequireScope(Scopes.NodesWrite).RequireStepUpOfUsers()
            .Reads<SafetyNodeRequest>().Produces<SafetyNodeEntry>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Register a safety node.");
        group.MapDelete("/{id}", RemoveAsync).RequireScope(Scopes.NodesWrite).RequireStepUpOfUsers()
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Remove a safety node.");
        return routes;
    }

    private static JsonHttpResult<SafetyNodeList> List(HttpContext context, SafetyNodes nodes)
        => TypedResults.Json(
            new SafetyNodeList(nodes.Votes, [.. nodes.NodesOf(context.GetPrincipal().Tenant).Select(Entry)]), AgentGateJson.Readable.SafetyNodeList);

    private static async Task<IResult> AddAsync(
        HttpContext context, SafetyNodeActs acts, IOptions<SafetyNodeOptions> options, CancellationToken cancellationToken)
    {
        SafetyNodeRequest? body;
        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 }, cancellationToken);
            body = document.Deserialize(AgentGateJson.Default.SafetyNodeRequest);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Problem(Codes.SafetyNodeInvalid, StatusCodes.Status400BadRequest, "The body must be an object with \"node_id\", \"url\" and \"public_key\", each a string, and nothing else.", "body");
        }

        if (SafetyNodeReading.TryRead(body?.NodeId, body?.Url, body?.PublicKey, options.Value.AllowInsecure, out var node) is { } wrong)
        {
            return Problem(Codes.SafetyNodeInvalid, StatusCodes.Status400BadRequest, $"\"{wrong.Field}\" {wrong.Why}.", wrong.Field);
        }

        var (registered, refusal) = await acts.AddAsync(context.GetPrincipal(), node!, cancellationToken);
        return registered is null
            ? Problem(Codes.SafetyNodeConflict, StatusCodes.Status409Conflict, refusal!)
            : TypedResults.Json(Entry(registered), AgentGateJson.Readable.SafetyNodeEntry, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, SafetyNodeActs acts, string id, CancellationToken cancellationToken)
        => await acts.RemoveAsync(context.GetPrincipal(), id, cancellationToken) switch
        {
            (true, _) => TypedResults.NoContent(),
            (_, { } refusal) => Problem(Codes.SafetyNodeConflict, StatusCodes.Status409Conflict, refusal),
            _ => Problem(Codes.SafetyNodeNotFound, StatusCodes.Status404NotFound, "The own tenant has no safety node of this id."),
        };

    private static SafetyNodeEntry Entry(SafetyNode node) => new()
    {
        NodeId = node.NodeId,
        Url = node.Url.AbsoluteUri,
        KeyId = node.Key.Id,
        Algorithm = node.Key.Algorithm == SignatureAlgorithm.Ed25519 ? "Ed25519" : "ES256",
        Configured = node.Tenant is null,
        RegisteredAt = node.RegisteredAt,
        RegisteredBy = node.RegisteredBy,
    };

    private static ProblemHttpResult Problem(string code, int status, string detail, string? field = null) => TypedResults.Problem(
        detail,
        statusCode: status,
        title: status switch
        {
            StatusCodes.Status404NotFound => "No such safety node",
            StatusCodes.Status409Conflict => "Not as things are",
            _ => "Not understood",
        },
        extensions: field is null
            ? new Dictionary<string, object?> { ["code"] = code }
            : new Dictionary<string, object?> { ["code"] = code, ["field"] = field });
}
