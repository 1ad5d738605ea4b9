using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentGate.Client;
using AgentGate.Client.Deception;
using AgentGate.Deception;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Deception;

/// <summary>Setting and removing the honey tokens of one's own tenant, seeing who touched them, clearing who did. Values go in and never out.</summary>
internal static class DeceptionEndpoints
{
    private const int LimitMax = 200;
    private const int BodyMax = 16 * 1024;

    public static IEndpointRouteBuilder MapDeception(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/security/honey-tokens").WithTags("Deception");
        group.MapPost(string.Empty, SetAsync).RequireScope(Scopes.DeceptionWrite)
            .Reads<HoneyTokenRequest>().Produces<HoneyTokenEntry>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Set a honey token.");
        group.MapGet(string.Empty, List).RequireScope(Scopes.DeceptionRead)
            .Produces<HoneyTokenList>()
            .WithSummary("List honey tokens, without their values.");
        group.MapDelete("/{id}", RemoveAsync).RequireScope(Scopes.DeceptionWrite).RequireStepUpOfUsers()
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Remove a honey token.");
        group.MapGet("/triggers", TriggersAsync).RequireScope(Scopes.DeceptionRead)
            .Produces<HoneyTriggerList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List who touched honey tokens, newest first.");
        group.MapPost("/principals/{id}/clear", ClearAsync).RequireScope(Scopes.DeceptionWrite).RequireStepUpOfUsers()
            .Produces<HoneyClearResult>()
            .WithSummary("Clear a principal of everything it touched.");
        return routes;
    }

    private static async Task<IResult> SetAsync(HttpContext context, HoneyAdministration honey, CancellationToken cancellationToken)
    {
        var (body, fault) = await ReadAsync(context, cancellationToken);
        if (body is null)
        {
            return fault!;
        }

        var draft = new HoneyDraft
        {
            Type = body.TokenType, Name = body.Name, Description = body.Description, ResourcePattern = body.ResourcePattern, Value = body.Value,
        };
        return await honey.SetAsync(context.GetPrincipal(), draft, cancellationToken) switch
        {
            HoneyReply<HoneyToken>.Done(var token) => TypedResults.Json(Entry(token), AgentGateJson.Readable.HoneyTokenEntry, statusCode: StatusCodes.Status201Created),
            HoneyReply<HoneyToken>.Refused refused => Problem(refused.Code, refused.Detail, refused.Field),
            _ => throw new InvalidOperationException("The set of replies is closed."),
        };
    }

    private static JsonHttpResult<HoneyTokenList> List(HttpContext context, HoneyRegistry registry)
        => TypedResults.Json(
            new HoneyTokenList([.. registry.Of(context.GetPrincipal().Tenant).Tokens.Select(Entry)]), AgentGateJson.Readable.HoneyTokenList);

    private static async Task<IResult> RemoveAsync(HttpContext context, HoneyAdministration honey, string id, CancellationToken cancellationToken)
        => await honey.RemoveAsync(context.GetPrincipal(), id, cancellationToken) is HoneyReply<HoneyToken>.Refused refused
            ? Problem(refused.Code, refused.Detail, refused.Field) : TypedResults.NoContent();

    private static async Task<IResult> TriggersAsync(
        HttpContext context, IHoneyStore store, string? principal, string? limit, CancellationToken cancellationToken)
    {
        var most = 50;
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is > 0 and <= LimitMax))
        {
            return Problem(Codes.HoneyInvalid, $"`limit` is a number from 1 to {LimitMax}.", "limit");
        }

        var found = await store.ListTriggersAsync(context.GetPrincipal().Tenant, principal, most, cancellationToken);
        return TypedResults.Json(new HoneyTriggerList([.. found.Select(Entry)]), AgentGateJson.Readable.HoneyTriggerList);
    }

    private static async Task<IResult> ClearAsync(HttpContext context, HoneyAdministration honey, string id, CancellationToken cancellationToken)
        => await honey.ClearAsync(context.GetPrincipal(), id, cancellationToken) switch
        {
            HoneyReply<int>.Done(var cleared) => TypedResults.Json(new HoneyClearResult(id, cleared), AgentGateJson.Readable.HoneyClearResult),
            HoneyReply<int>.Refused refused => Problem(refused.Code, refused.Detail, refused.Field),
            _ => throw new InvalidOperationException("The set of replies is closed."),
        };

    /// <summary>The body, strictly: unknown members, members twice and other types are refused. A refusal never repeats what was sent.</summary>
    private static async Task<(HoneyTokenRequest? Body, IResult? Fault)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        var piece = ArrayPool<byte>.Shared.Rent(BodyMax);
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(piece, cancellationToken)) > 0)
            {
                stream.Write(piece, 0, read);
                if (stream.Length > BodyMax)
                {
                    return (null, Problem(Codes.TooLarge, "The body is too large.", "body"));
                }
            }

            using var document = JsonDocument.Parse(
                stream.GetBuffer().AsMemory(0, (int)stream.Length), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            return document.Deserialize(AgentGateJson.Default.HoneyTokenRequest) is { } body
                ? (body, null)
                : (null, Problem(Codes.HoneyInvalid, "The body must be a JSON object.", "body"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            return (null, Problem(Codes.HoneyInvalid, $"The body is not what this route takes, at \"{member}\".", member));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    private static HoneyTokenEntry Entry(HoneyToken token) => new()
    {
        TokenId = token.Id,
        TokenType = token.Type.Word(),
        Name = token.Name,
        Description = token.Description,
        ResourcePattern = token.ResourcePattern,
        HasValue = token.HasValue,
        CreatedAt = token.CreatedAt,
        CreatedBy = token.CreatedBy,
    };

    private static HoneyTriggerEntry Entry(HoneyTrigger trigger) => new()
    {
        TriggerId = trigger.Id,
        TokenId = trigger.TokenId,
        TokenType = trigger.TokenType.Word(),
        Principal = trigger.Principal,
        CallId = trigger.CallId,
        TriggeredAt = trigger.At,
        Severity = trigger.Severity,
        Standing = HoneySeverity.Word(trigger.Severity),
        ClearedAt = trigger.ClearedAt,
        ClearedBy = trigger.ClearedBy,
    };

    private static ProblemHttpResult Problem(string code, string detail, string? field) => TypedResults.Problem(
        detail,
        statusCode: code switch
        {
            Codes.HoneyNotFound => StatusCodes.Status404NotFound,
            Codes.HoneyFull => StatusCodes.Status409Conflict,
            Codes.HoneySelfCleared => StatusCodes.Status403Forbidden,
            Codes.TooLarge => StatusCodes.Status413PayloadTooLarge,
            _ => StatusCodes.Status400BadRequest,
        },
        title: "Not done",
        extensions: field is null
            ? new Dictionary<string, object?> { ["code"] = code }
            : new Dictionary<string, object?> { ["code"] = code, ["field"] = field });
}
