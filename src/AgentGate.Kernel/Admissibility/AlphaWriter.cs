using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Admissibility;

/// <summary>Writes α. INVARIANT: members stand in canonical order; a property test compares with <see cref="CanonicalJson"/>.</summary>
internal static class AlphaWriter
{
    public static void Write(CanonicalBuffer output, Alpha alpha)
    {
        var shared = new SharedParts(alpha.Questions.Length);
        foreach (var question in alpha.Questions)
        {
            shared.Add(question);
        }

        var json = new CanonicalWriter(output);
        json.BeginObject();
        Text(ref json, "\"action\":"u8, alpha.Action);
        json.Name("\"at\":"u8);
        CanonicalTime.Write(ref json, alpha.At);
        WriteAttestations(ref json, alpha);
        json.Name("\"auth\":"u8);
        json.BeginObject();
        Text(ref json, "\"key_id\":"u8, alpha.Authentication.KeyId);
        Text(ref json, "\"method\":"u8, AdmissibilityWords.Of(alpha.Authentication.Method));
        Text(ref json, "\"principal\":"u8, alpha.Authentication.Principal);
        Text(ref json, "\"tenant\":"u8, alpha.Authentication.Tenant);
        json.EndObject();
        Text(ref json, "\"call_id\":"u8, alpha.CallId);
        Text(ref json, "\"content_digest\":"u8, alpha.ContentDigest);
        json.Name("\"contexts\":"u8);
        json.BeginArray();
        foreach (var context in shared.Contexts)
        {
            CedarCanonical.Write(ref json, context, open: 2);
        }

        json.EndArray();
        Text(ref json, "\"delegation_ref\":"u8, alpha.DelegationRef);
        Text(ref json, "\"door\":"u8, alpha.Door);
        json.Name("\"entities\":"u8);
        json.BeginArray();
        foreach (var store in shared.Stores)
        {
            json.Raw(store.Bytes);
        }

        json.EndArray();
        Text(ref json, "\"nonce\":"u8, alpha.Nonce);
        Text(ref json, "\"principal\":"u8, alpha.Principal);
        WriteQuestions(ref json, alpha, shared);
        json.Name("\"resource\":"u8);
        WriteRef(ref json, alpha.Resource.Type, alpha.Resource.Id);
        Text(ref json, "\"salt\":"u8, alpha.Salt);
        Text(ref json, "\"tenant\":"u8, alpha.Tenant);
        json.Name("\"version\":"u8);
        json.Number(1);
        json.EndObject();
    }

    private static void WriteAttestations(ref CanonicalWriter json, Alpha alpha)
    {
        json.Name("\"attestations\":"u8);
        json.BeginArray();
        foreach (var attestation in alpha.Attestations.Length > 1
            ? alpha.Attestations.Sort(static (left, right) => string.CompareOrdinal(left.Obligation, right.Obligation))
            : alpha.Attestations)
        {
            json.BeginObject();
            json.Name("\"at\":"u8);
            CanonicalTime.Write(ref json, attestation.At);
            Text(ref json, "\"by\":"u8, attestation.By);
            Text(ref json, "\"obligation\":"u8, attestation.Obligation);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteQuestions(ref CanonicalWriter json, Alpha alpha, SharedParts shared)
    {
        json.Name("\"questions\":"u8);
        json.BeginArray();
        for (var i = 0; i < alpha.Questions.Length; i++)
        {
            var question = alpha.Questions[i];
            json.BeginObject();
            json.Name("\"action\":"u8);
            WriteRef(ref json, question.Action.Type.Text, question.Action.Id);
            json.Name("\"context\":"u8);
            json.Number(shared.ContextOf(i));
            Text(ref json, "\"demand\":"u8, AdmissibilityWords.Of(question.Demand));
            json.Name("\"entities\":"u8);
            json.Number(shared.StoreOf(i));
            json.Name("\"principal\":"u8);
            WriteRef(ref json, question.Principal.Type.Text, question.Principal.Id);
            json.Name("\"resource\":"u8);
            WriteRef(ref json, question.Resource.Type.Text, question.Resource.Id);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteRef(ref CanonicalWriter json, string type, string id)
    {
        json.BeginObject();
        Text(ref json, "\"id\":"u8, id);
        Text(ref json, "\"type\":"u8, type);
        json.EndObject();
    }

    private static void Text(ref CanonicalWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.Name(name);
            json.Text(value);
        }
    }

    /// <summary>Stores and contexts that questions share stand once: the same object, or the same bytes.</summary>
    private sealed class SharedParts(int questions)
    {
        private readonly List<(int Context, int Store)> _places = new(questions);

        public List<CedarRecord> Contexts { get; } = [];

        public List<(EntityStore Store, byte[] Bytes)> Stores { get; } = [];

        public int ContextOf(int question) => _places[question].Context;

        public int StoreOf(int question) => _places[question].Store;

        public void Add(PolicyQuestion question) => _places.Add((PlaceOf(question.Context), PlaceOf(question.Entities)));

        private int PlaceOf(CedarRecord context)
        {
            var place = Contexts.FindIndex(known => known.Equals(context));
            if (place < 0)
            {
                place = Contexts.Count;
                Contexts.Add(context);
            }

            return place;
        }

        private int PlaceOf(EntityStore store)
        {
            for (var i = 0; i < Stores.Count; i++)
            {
                if (ReferenceEquals(Stores[i].Store, store))
                {
                    return i;
                }
            }

            var bytes = CanonicalEntities.Of(store);
            for (var i = 0; i < Stores.Count; i++)
            {
                if (Stores[i].Bytes.AsSpan().SequenceEqual(bytes))
                {
                    return i;
                }
            }

            Stores.Add((store, bytes));
            return Stores.Count - 1;
        }
    }
}
