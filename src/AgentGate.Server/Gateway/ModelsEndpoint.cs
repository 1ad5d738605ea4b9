using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Providers;
using AgentGate.Server.Access;

namespace AgentGate.Server.Gateway;

/// <summary>The list of models, from configuration, in OpenAI's shape or, when <c>anthropic-version</c> is sent, in Anthropic's.</summary>
internal sealed class ModelsEndpoint(Gate gate, ModelRouter router, IIdSource ids, TimeProvider time)
{
    public const string Door = "models";

    public Task ListAsync(HttpContext context) => HandleAsync(context, null);

    public Task GetAsync(HttpContext context, string id) => HandleAsync(context, id);

    private async Task HandleAsync(HttpContext context, string? id)
    {
        var isAnthropic = context.Request.Headers.ContainsKey("anthropic-version");
        var shape = isAnthropic ? ErrorShape.Anthropic : ErrorShape.OpenAI;
        if (DoorChecks.Refusal(context.Request) is { } refusal)
        {
            await AnswerWriter.DenyAsync(context, shape, refusal, callId: null);
            return;
        }

        var model = id is null ? null : router.Find(id);
        if (id is not null && model is null)
        {
            var unknown = ((RouteResult.Denied)router.Resolve(id, WireFormat.OpenAIChat)).Denial;
            await AnswerWriter.DenyAsync(context, shape, unknown, callId: null);
            return;
        }

        var document = model is { } one
            ? Write(writer => WriteModel(writer, one, isAnthropic))
            : Write(writer => WriteList(writer, isAnthropic));
        var call = new GateCall
        {
            Id = ids.NewId(),
            Door = Door,
            Principal = context.GetPrincipal(),
            Action = GateActions.ListModels,
            Resource = new EntityRef(EntityRef.ModelListType, "models"),
            Content = EmptyContent.Instance,
            Targets = [new EffectTarget("configuration", "models")],
            Context = new CallContext
            {
                At = time.GetUtcNow(),
                SourceAddress = context.Connection.RemoteIpAddress,
                DelegationRef = DoorChecks.Delegation(context.Request),
            },
        };
        var result = await gate.RunAsync(call, new Catalogue(document), context.RequestAborted);
        RateLimitHeaders.Set(context.Response, result.Scope);
        AnswerWriter.Name(context, result.Certificate);
        switch (result)
        {
            case GateResult.Completed completed:
                await AnswerWriter.AnswerAsync(context, StatusCodes.Status200OK, [], call.Id, completed.Content.ToUtf8());
                break;
            case GateResult.Denied denied:
                await AnswerWriter.DenyAsync(context, shape, denied.Denial, call.Id);
                break;
            case GateResult.Failed failed:
                await AnswerWriter.DenyAsync(context, shape, failed.Denial, call.Id);
                break;
        }
    }

    private void WriteList(Utf8JsonWriter writer, bool isAnthropic)
    {
        writer.WriteStartObject();
        if (!isAnthropic)
        {
            writer.WriteString("object", "list");
        }

        writer.WriteStartArray("data");
        foreach (var model in router.Models)
        {
            WriteModel(writer, model, isAnthropic);
        }

        writer.WriteEndArray();
        if (isAnthropic)
        {
            writer.WriteBoolean("has_more", false);
            Id(writer, "first_id", router.Models.FirstOrDefault()?.Id);
            Id(writer, "last_id", router.Models.LastOrDefault()?.Id);
        }

        writer.WriteEndObject();
    }

    private static void Id(Utf8JsonWriter writer, string name, string? id)
    {
        if (id is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, id);
        }
    }

    private static void WriteModel(Utf8JsonWriter writer, CatalogueModel model, bool isAnthropic)
    {
        // Nobody here knows when a model was made; the field is required, so it says the beginning of the epoch.
        writer.WriteStartObject();
        writer.WriteString("id", model.Id);
        if (isAnthropic)
        {
            writer.WriteString("type", "model");
            writer.WriteString("display_name", model.Id);
            writer.WriteString("created_at", DateTimeOffset.UnixEpoch.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteString("object", "model");
            writer.WriteNumber("created", 0);
            writer.WriteString("owned_by", model.Provider);
        }

        writer.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        write(writer);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reading the configured models is an effect like any other.</summary>
    private sealed class Catalogue(ReadOnlyMemory<byte> document) : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
        {
            permit.RecordTransport(permit.Use().ToUtf8().Span);
            var tree = JsonTreeParser.Parse(document, JsonLimits.Default, out _)!;
            return ValueTask.FromResult<EffectResult>(
                new EffectResult.Complete(JsonContentReader.ReadAnswer(new DocumentReading(tree), JsonLimits.Default)));
        }
    }
}
