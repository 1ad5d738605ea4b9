using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Admissibility;

/// <summary>α as a document states it: its members are checked, what Cedar reads is not yet read. Immutable.</summary>
internal sealed class AlphaDocument
{
    /// <summary>The most questions, stores and contexts that are read. A call asks a handful, one with many targets some hundreds.</summary>
    public const int PartsMax = 4_096;

    private readonly Alpha _stated;
    private readonly ImmutableArray<ReadOnlyMemory<byte>> _stores;
    private readonly ImmutableArray<ReadOnlyMemory<byte>> _contexts;

    private AlphaDocument(StrictElement json)
    {
        json.Members(
            [
                "version", "call_id", "tenant", "door", "principal", "action", "resource", "at", "auth", "attestations", "nonce", "salt", "entities",
                "contexts", "questions",
            ],
            ["delegation_ref", "content_digest"]);
        json["version"].Version();
        Canonical = json.Canonical.ToArray();
        _stated = new Alpha
        {
            CallId = json["call_id"].Text(),
            Tenant = json["tenant"].Text(),
            Door = json["door"].Text(),
            Principal = json["principal"].Text(),
            Action = json["action"].Text(),
            Resource = ReadRef(json["resource"]),
            At = json["at"].Time(),
            Authentication = ReadAuthentication(json["auth"]),
            DelegationRef = json.OptionalText("delegation_ref"),
            Attestations = json["attestations"].Sorted(Obligations.All.Count, ReadAttestation, static one => (one.Obligation, "")),
            ContentDigest = json.OptionalHash("content_digest"),
            Nonce = json["nonce"].Hex(32),
            Salt = json["salt"].Hex(64),
            Questions = [],
        };
        _stores = json["entities"].Items(PartsMax, static store => Raw(store, JsonValueKind.Array));
        _contexts = json["contexts"].Items(PartsMax, static context => Raw(context, JsonValueKind.Object));
        Asked = json["questions"].Items(PartsMax, ReadQuestion);
    }

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Canonical { get; }

    /// <summary>What the document states beside questions.</summary>
    public Alpha Stated => _stated;

    /// <summary>The questions as they stand, by the places of their contexts and entities.</summary>
    public ImmutableArray<(QuestionDemand Demand, EntityRef Principal, EntityRef Action, EntityRef Resource, long Context, long Entities)> Asked { get; }

    /// <exception cref="FormatException">A member is not as the format says.</exception>
    public static AlphaDocument Read(StrictElement json) => new(json);

    /// <summary>α with its questions, read by Cedar.</summary>
    /// <exception cref="FormatException">Entities, contexts or names of entities cannot be read, or a question names what is not there.</exception>
    public Alpha ToAlpha()
    {
        try
        {
            var stores = _stores.Select(ReadStore).ToArray();
            var contexts = _contexts.Select(static context => EntitiesJson.ParseContext(context.Span)).ToArray();
            return _stated with
            {
                Questions =
                [
                    .. Asked.Select(asked => asked.Context < contexts.Length && asked.Entities < stores.Length
                        ? new PolicyQuestion(
                            asked.Demand, Uid(asked.Principal), Uid(asked.Action), Uid(asked.Resource), contexts[asked.Context], stores[asked.Entities])
                        : throw new FormatException("A question of α names a context or entities that are not there.")),
                ],
            };
        }
        catch (Exception exception) when (exception is CedarException or ArgumentException)
        {
            throw new FormatException($"Cedar cannot read the entities or contexts of α: {FirstLine(exception.Message)}", exception);
        }
    }

    private static EntityStore ReadStore(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth });
        ReadOnlyMemory<byte> last = default;
        foreach (var entity in document.RootElement.EnumerateArray())
        {
            // Cedar's reader passes over members it does not know; a verifier must not pass what it cannot judge.
            var strict = new StrictElement(entity, "entity");
            strict.Members(["uid", "attrs", "parents"], ["tags"]);
            strict["uid"].Members(["id", "type"]);
            strict["parents"].Items(int.MaxValue, static parent =>
            {
                parent.Members(["id", "type"]);
                return parent.Has("id");
            });
            var uid = entity.GetProperty("uid");

            // What is canonical stays so in its parts: the bytes of the uid are its canonical bytes.
            ReadOnlyMemory<byte> bytes = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(uid).ToArray();
            if (!last.IsEmpty && last.Span.SequenceCompareTo(bytes.Span) >= 0)
            {
                throw new FormatException("The entities of a store of α are not sorted by uid, or one stands twice.");
            }

            last = bytes;
        }

        return EntitiesJson.Parse(json.Span);
    }

    private static EntityUid Uid(EntityRef name) => new(EntityTypeName.Parse(name.Type), name.Id);

    private static ReadOnlyMemory<byte> Raw(StrictElement json, JsonValueKind kind)
    {
        json.Require(kind, kind == JsonValueKind.Array ? "an array" : "an object");
        return json.Canonical.ToArray();
    }

    private static EntityRef ReadRef(StrictElement json)
    {
        json.Members(["type", "id"]);
        return new EntityRef(json["type"].Text(), json["id"].Text());
    }

    private static Authentication ReadAuthentication(StrictElement json)
    {
        json.Members(["method", "principal", "tenant"], ["key_id"]);
        return new Authentication(
            json["method"].Word<AuthenticationMethod>(AdmissibilityWords.Of), json["principal"].Text(), json["tenant"].Text(), json.OptionalText("key_id"));
    }

    private static Attestation ReadAttestation(StrictElement json)
    {
        json.Members(["obligation", "at", "by"]);
        return new Attestation(
            json["obligation"].Word([Obligations.ApprovalRequired, Obligations.MfaRequired, Obligations.PreviewConfirmRequired]),
            json["at"].Time(),
            json["by"].Text());
    }

    private static (QuestionDemand, EntityRef, EntityRef, EntityRef, long, long) ReadQuestion(StrictElement json)
    {
        json.Members(["demand", "principal", "action", "resource", "context", "entities"]);
        return (
            json["demand"].Word<QuestionDemand>(AdmissibilityWords.Of), ReadRef(json["principal"]), ReadRef(json["action"]), ReadRef(json["resource"]),
            json["context"].Count(), json["entities"].Count());
    }

    private static string FirstLine(string message) => message.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? message[..end] : message;
}
