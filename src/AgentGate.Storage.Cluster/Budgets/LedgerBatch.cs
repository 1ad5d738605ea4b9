using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>Several postings as the arguments of one function (<c>agentgate_budget_post</c>), and its answer as theirs.</summary>
internal sealed class LedgerBatch(IReadOnlyList<LedgerPosting> postings)
{
    public const string Sql =
        """
        SELECT o_now, o_windows, o_granted, o_amounts, o_tokens, o_shorts, o_were_open, o_spent, o_reserved, o_peaks, o_ended, o_ended_tenants FROM
            agentgate_budget_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """;

    private readonly LedgerItem[] _items = [.. postings.SelectMany(posting => posting.Items)];
    private readonly List<LedgerKey> _keys = [];
    private int[] _counters = [];

    /// <summary>Adds the counters, the postings and their items behind what every question begins with.</summary>
    public void Fill(NpgsqlParameterCollection parameters)
    {
        var places = new Dictionary<LedgerKey, int>();
        _keys.Clear();
        _counters = Array.ConvertAll(_items, item =>
        {
            if (!places.TryGetValue(item.Key, out var place))
            {
                places[item.Key] = place = _keys.Count;
                _keys.Add(item.Key);
            }

            return place + 1;
        });
        var ends = new int[postings.Count];
        for (var (i, end) = (0, 0); i < ends.Length; i++)
        {
            ends[i] = end += postings[i].Items.Length;
        }

        Add(parameters, NpgsqlDbType.Text, _keys.Select(key => key.Tenant).ToArray());
        Add(parameters, NpgsqlDbType.Text, _keys.Select(key => key.Rule).ToArray());
        Add(parameters, NpgsqlDbType.Text, _keys.Select(key => key.Subject).ToArray());
        Add(parameters, NpgsqlDbType.Text, _keys.Select(key => key.Unit).ToArray());
        Add(parameters, NpgsqlDbType.Bigint, _keys.Select(key => key.Window).ToArray());
        Add(parameters, NpgsqlDbType.Boolean, postings.Select(posting => posting.Settles).ToArray());
        Add(parameters, NpgsqlDbType.Uuid, postings.Select(posting => posting.Id).ToArray());
        Add(parameters, NpgsqlDbType.Text, postings.Select(posting => posting.Tenant).ToArray());
        Add(parameters, NpgsqlDbType.Text, postings.Select(posting => posting.CallId).ToArray());
        Add(parameters, NpgsqlDbType.Bigint, postings.Select(posting => posting.Input).ToArray());
        Add(parameters, NpgsqlDbType.Numeric, postings.Select(posting => posting.PerToken).ToArray());
        Add(parameters, NpgsqlDbType.Bigint, postings.Select(posting => posting.Wanted).ToArray());
        Add(parameters, NpgsqlDbType.Bigint, postings.Select(posting => posting.Least).ToArray());
        Add(parameters, NpgsqlDbType.Integer, ends);
        Add(parameters, NpgsqlDbType.Integer, _counters);
        Add(parameters, NpgsqlDbType.Bigint, Array.ConvertAll(_items, item => item.Limit));
        Add(parameters, NpgsqlDbType.Integer, Array.ConvertAll(_items, item => item.Place));
        Add(parameters, NpgsqlDbType.Uuid, Array.ConvertAll(_items, item => item.Old));
    }

    /// <summary>The answers in the order of the postings, and what leases ended meanwhile.</summary>
    public (LedgerAnswer[] Answers, (string Tenant, long Amount)[] Ended) Read(NpgsqlDataReader reader)
    {
        var now = reader.GetFieldValue<DateTimeOffset>(0);
        var windows = reader.GetFieldValue<long[]>(1);
        var (granted, amounts, tokens) = (reader.GetFieldValue<bool[]>(2), reader.GetFieldValue<long[]>(3), reader.GetFieldValue<long[]>(4));
        var (shorts, wereOpen) = (reader.GetFieldValue<int[]>(5), reader.GetFieldValue<bool[]>(6));
        var (spent, reserved, peaks) = (reader.GetFieldValue<long[]>(7), reader.GetFieldValue<long[]>(8), reader.GetFieldValue<long[]>(9));
        var answers = new LedgerAnswer[postings.Count];
        for (var (i, item) = (0, 0); i < answers.Length; i++)
        {
            var held = new LedgerHeld[postings[i].Items.Length];
            for (var j = 0; j < held.Length; j++, item++)
            {
                held[j] = new LedgerHeld(windows[_counters[item] - 1], spent[item], reserved[item], peaks[item]);
            }

            answers[i] = new LedgerAnswer(granted[i], amounts[i], tokens[i], shorts[i] - 1, wereOpen[i], now, held);
        }

        return (answers, reader.IsDBNull(10) ? [] : [.. reader.GetFieldValue<string[]>(11).Zip(reader.GetFieldValue<long[]>(10))]);
    }

    private static void Add(NpgsqlParameterCollection parameters, NpgsqlDbType type, object values)
        => parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
