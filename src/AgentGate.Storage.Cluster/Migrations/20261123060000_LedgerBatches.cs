using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>
/// Posting to the ledger in batches (ADR 0028): what callers of one server ask at the same time is one function and one transaction,
/// judged one after the other. The functions for one posting each stay, for servers that run an older version meanwhile.
/// </summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123060000_LedgerBatches")]
internal sealed class LedgerBatches : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Hold);
        migrationBuilder.Sql(Post);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql(
            """
            DROP FUNCTION agentgate_budget_post, agentgate_budget_hold;
            ALTER TABLE budget_reservations DROP COLUMN kept, DROP COLUMN told;
            DROP TABLE budget_posted;
            """);

    /// <summary>
    /// Which calls the log has posted the charges of, written in the log's own transaction; that an intent is open no longer does not
    /// say so, since a database that broke down may have lost it. A reservation that is <c>kept</c> was made by a server that writes
    /// this, and <c>told</c> when its charge was reported as one the log knows nothing of.
    /// </summary>
    private const string Tables =
        """
        CREATE TABLE budget_posted (
            tenant text COLLATE "C" NOT NULL,
            call_id text COLLATE "C" NOT NULL,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (tenant, call_id));
        CREATE INDEX budget_posted_at ON budget_posted (at);
        ALTER TABLE budget_reservations ADD COLUMN kept boolean NOT NULL DEFAULT false, ADD COLUMN told boolean NOT NULL DEFAULT false;
        """;

    /// <summary>As agentgate_budget_lock, and answers whose calls the ended reservations were.</summary>
    private const string Hold =
        """
        CREATE FUNCTION agentgate_budget_hold(
            p_tenant text, p_rule text, p_subject text, p_window bigint, p_now timestamptz, p_charges boolean,
            OUT o_spent bigint, OUT o_reserved bigint, OUT o_peak bigint, OUT o_ended bigint[], OUT o_ended_tenants text[])
        LANGUAGE plpgsql AS $body$
        DECLARE
            ended bigint := 0;
        BEGIN
            SELECT spent, reserved, peak INTO o_spent, o_reserved, o_peak FROM budget_balances
                WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window FOR UPDATE;
            WHILE NOT FOUND LOOP
                -- Whoever tidies up may have deleted what was there a moment ago.
                INSERT INTO budget_balances (tenant, rule, subject, window_start) VALUES (p_tenant, p_rule, p_subject, p_window) ON CONFLICT DO NOTHING;
                SELECT spent, reserved, peak INTO o_spent, o_reserved, o_peak FROM budget_balances
                    WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window FOR UPDATE;
            END LOOP;
            IF o_reserved > 0 THEN
                WITH over AS (
                    UPDATE budget_reservations SET state = CASE WHEN p_charges THEN 1 ELSE 2 END, charge = CASE WHEN p_charges THEN amount ELSE 0 END
                        WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window AND state = 0 AND lease_ends <= p_now
                        RETURNING amount, call_tenant)
                SELECT coalesce(sum(amount), 0), array_agg(amount), array_agg(call_tenant) INTO ended, o_ended, o_ended_tenants FROM over;
                IF ended > 0 THEN
                    o_reserved := o_reserved - ended;
                    o_spent := o_spent + CASE WHEN p_charges THEN ended ELSE 0 END;
                    UPDATE budget_balances SET reserved = o_reserved, spent = o_spent, peak = greatest(peak, o_spent)
                        WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window;
                END IF;
            END IF;
        END $body$;
        """;

    /// <summary>
    /// Judges postings one after the other in the order of their places and stores all of them at once. Everything comes as arrays:
    /// <c>k_</c> the counters, each with the unit of its window, which is cut here by the database's time, or with a window that is
    /// known; <c>q_</c> the postings, each a reservation or a settlement (whose cost is its input), and where its items end;
    /// <c>i_</c> the items: a counter to reserve on, or (with <c>i_olds</c>) a reservation to settle or to replace on one. No reservation is
    /// named by two postings of a batch. Answers for each posting and for each item; peaks are what its counter once held at most
    /// before this posting, so that a threshold is told once.
    /// </summary>
    private const string Post =
        """
        CREATE FUNCTION agentgate_budget_post(
            p_now timestamptz, p_charges boolean, p_owner text, p_lease interval,
            k_tenants text[], k_rules text[], k_subjects text[], k_units text[], k_windows bigint[],
            q_settles boolean[], q_ids uuid[], q_tenants text[], q_calls text[],
            q_inputs bigint[], q_per_token numeric[], q_wanted bigint[], q_least bigint[], q_ends integer[],
            i_counters integer[], i_limits bigint[], i_places integer[], i_olds uuid[],
            OUT o_now timestamptz, OUT o_windows bigint[],
            OUT o_granted boolean[], OUT o_amounts bigint[], OUT o_tokens bigint[], OUT o_shorts integer[], OUT o_were_open boolean[],
            OUT o_spent bigint[], OUT o_reserved bigint[], OUT o_peaks bigint[], OUT o_ended bigint[], OUT o_ended_tenants text[])
        LANGUAGE plpgsql
        -- Plans are kept; one made while the tables were empty would read all of them later.
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
        AS $body$
        DECLARE
            postings integer := array_length(q_ids, 1);
            items integer := array_length(i_counters, 1);
            spots integer[];
            one record;
            held record;
            s_tenants text[]; s_rules text[]; s_subjects text[]; s_windows bigint[];
            v_spent bigint[]; v_reserved bigint[]; v_peak bigint[];
            m_states smallint[]; m_amounts bigint[]; m_charges bigint[];
            granted_of integer[] := '{}'; granted_on integer[] := '{}';
            settled_of integer[] := '{}'; settled_on integer[] := '{}';
            replaced uuid[] := '{}';
            head integer := 1;
            tail integer;
            spot integer;
            short integer;
            lefts bigint;
            least_left bigint;
            tokens bigint;
            affordable numeric;
            amount numeric;
            was_open boolean;
        BEGIN
            -- Until the end of this transaction: the commits of the intents and the outcomes carry it.
            PERFORM set_config('synchronous_commit', 'off', true);
            o_now := coalesce(p_now, clock_timestamp());
            SELECT array_agg(r.spot::integer ORDER BY r.n), array_agg(r.start ORDER BY r.n) INTO spots, o_windows FROM (
                SELECT w.n, w.start, dense_rank() OVER (ORDER BY w.tenant COLLATE "C", w.rule COLLATE "C", w.subject COLLATE "C", w.start) AS spot FROM (
                    SELECT k.n, k.tenant, k.rule, k.subject, CASE WHEN k.unit IS NULL THEN k.start WHEN k.unit = 'total' THEN 0
                        ELSE (extract(epoch FROM date_trunc(k.unit, o_now AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') * 1000)::bigint END AS start
                    FROM unnest(k_tenants, k_rules, k_subjects, k_units, k_windows) WITH ORDINALITY AS k(tenant, rule, subject, unit, start, n)) w) r;
            -- Each counter once, in the order of the keys, as everybody locks them: nobody waits in a circle.
            FOR one IN
                SELECT DISTINCT ON (k.spot) k.spot, k.tenant, k.rule, k.subject, k.start
                FROM unnest(k_tenants, k_rules, k_subjects, o_windows, spots) AS k(tenant, rule, subject, start, spot) ORDER BY k.spot
            LOOP
                SELECT * INTO held FROM agentgate_budget_hold(one.tenant, one.rule, one.subject, one.start, o_now, p_charges);
                s_tenants[one.spot] := one.tenant; s_rules[one.spot] := one.rule; s_subjects[one.spot] := one.subject; s_windows[one.spot] := one.start;
                v_spent[one.spot] := held.o_spent; v_reserved[one.spot] := held.o_reserved; v_peak[one.spot] := held.o_peak;
                IF held.o_ended IS NOT NULL THEN
                    o_ended := coalesce(o_ended, '{}') || held.o_ended;
                    o_ended_tenants := coalesce(o_ended_tenants, '{}') || held.o_ended_tenants;
                END IF;
            END LOOP;
            -- What stands of reservations that are settled or replaced, read behind the locks of their counters.
            SELECT array_agg(r.state ORDER BY i.n), array_agg(r.amount ORDER BY i.n), array_agg(r.charge ORDER BY i.n) INTO m_states, m_amounts, m_charges
                FROM unnest(i_olds, i_counters) WITH ORDINALITY AS i(old, k, n)
                LEFT JOIN LATERAL (SELECT b.state, b.amount, b.charge FROM budget_reservations b WHERE b.id = i.old AND b.rule = k_rules[i.k]) r ON true;
            o_granted := array_fill(false, ARRAY[postings]); o_were_open := o_granted;
            o_amounts := array_fill(0::bigint, ARRAY[postings]); o_tokens := o_amounts; o_shorts := array_fill(0, ARRAY[postings]);
            o_spent := array_fill(0::bigint, ARRAY[items]); o_reserved := o_spent; o_peaks := o_spent;
            FOR n IN 1..postings LOOP
                tail := q_ends[n];
                IF q_settles[n] THEN
                    FOR i IN head..tail LOOP
                        -- A call that the log has posted is settled, whatever was forgotten of it here.
                        IF m_states[i] = 3 OR (m_states[i] IS NULL
                            AND EXISTS (SELECT 1 FROM budget_posted p WHERE p.tenant = q_tenants[n] AND p.call_id = q_calls[n])) THEN
                            CONTINUE;
                        END IF;
                        spot := spots[i_counters[i]];
                        o_granted[n] := true;
                        IF m_states[i] = 0 THEN
                            v_reserved[spot] := v_reserved[spot] - m_amounts[i];
                        END IF;
                        v_spent[spot] := v_spent[spot] + q_inputs[n] - coalesce(m_charges[i], 0);
                        settled_of := settled_of || n; settled_on := settled_on || i_counters[i];
                    END LOOP;
                ELSE
                    was_open := false;
                    least_left := NULL;
                    short := NULL;
                    FOR i IN head..tail LOOP
                        IF m_states[i] = 0 THEN
                            was_open := true;
                            spot := spots[i_counters[i]];
                            v_reserved[spot] := v_reserved[spot] - m_amounts[i];
                        END IF;
                    END LOOP;
                    -- The tightest, and of equals the one that the rules name first.
                    FOR i IN head..tail LOOP
                        IF i_olds[i] IS NULL THEN
                            spot := spots[i_counters[i]];
                            lefts := i_limits[i] - v_spent[spot] - v_reserved[spot];
                            IF least_left IS NULL OR lefts < least_left OR (lefts = least_left AND i_places[i] < i_places[short]) THEN
                                least_left := lefts;
                                short := i;
                            END IF;
                        END IF;
                    END LOOP;
                    tokens := q_wanted[n];
                    IF q_per_token[n] > 0 THEN
                        -- The whole quotient, exact; below zero the call is refused in any case.
                        affordable := div((least_left - q_inputs[n])::numeric, q_per_token[n]);
                        IF affordable < tokens THEN
                            tokens := affordable::bigint;
                        END IF;
                    END IF;
                    amount := q_inputs[n]::numeric + ceil(tokens::numeric * q_per_token[n]);
                    IF amount > least_left AND q_per_token[n] > 0 THEN
                        -- What is left is whole billionths and the last token's part of one is not.
                        tokens := tokens - 1;
                        amount := q_inputs[n]::numeric + ceil(tokens::numeric * q_per_token[n]);
                    END IF;
                    o_granted[n] := q_inputs[n] <= least_left AND tokens >= q_least[n] AND amount <= least_left;
                    o_were_open[n] := was_open;
                    o_shorts[n] := short - head + 1;
                    IF o_granted[n] THEN
                        o_amounts[n] := amount::bigint;
                        o_tokens[n] := tokens;
                    END IF;
                    FOR i IN head..tail LOOP
                        spot := spots[i_counters[i]];
                        IF i_olds[i] IS NULL AND o_granted[n] THEN
                            v_reserved[spot] := v_reserved[spot] + o_amounts[n];
                            granted_of := granted_of || n; granted_on := granted_on || i_counters[i];
                        ELSIF i_olds[i] IS NOT NULL AND m_states[i] = 0 THEN
                            IF o_granted[n] THEN
                                replaced := replaced || i_olds[i];
                            ELSE
                                v_reserved[spot] := v_reserved[spot] + m_amounts[i];
                            END IF;
                        END IF;
                    END LOOP;
                END IF;
                FOR i IN head..tail LOOP
                    IF q_settles[n] OR i_olds[i] IS NULL THEN
                        spot := spots[i_counters[i]];
                        o_spent[i] := v_spent[spot]; o_reserved[i] := v_reserved[spot]; o_peaks[i] := v_peak[spot];
                        v_peak[spot] := greatest(v_peak[spot], v_spent[spot]);
                    END IF;
                END LOOP;
                head := tail + 1;
            END LOOP;
            UPDATE budget_balances b SET spent = s.spent, reserved = s.reserved, peak = greatest(b.peak, s.peak)
                FROM unnest(s_tenants, s_rules, s_subjects, s_windows, v_spent, v_reserved, v_peak) AS s(tenant, rule, subject, start, spent, reserved, peak)
                WHERE b.tenant = s.tenant AND b.rule = s.rule AND b.subject = s.subject AND b.window_start = s.start
                    AND (b.spent <> s.spent OR b.reserved <> s.reserved OR b.peak < s.peak);
            IF array_length(replaced, 1) > 0 THEN
                DELETE FROM budget_reservations WHERE id = ANY (replaced) AND state = 0;
            END IF;
            IF array_length(granted_of, 1) > 0 THEN
                INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, lease_ends, owner, call_tenant, call_id, kept)
                    SELECT q_ids[g.n], k_tenants[g.k], k_rules[g.k], k_subjects[g.k], o_windows[g.k], o_amounts[g.n], o_now + p_lease, p_owner, q_tenants[g.n], q_calls[g.n], true
                    FROM unnest(granted_of, granted_on) AS g(n, k);
            END IF;
            IF array_length(settled_of, 1) > 0 THEN
                INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, charge, state, lease_ends, owner, call_tenant, call_id, kept)
                    SELECT q_ids[s.n], k_tenants[s.k], k_rules[s.k], k_subjects[s.k], o_windows[s.k], 0, q_inputs[s.n], 3, o_now, p_owner, q_tenants[s.n], q_calls[s.n], true
                    FROM unnest(settled_of, settled_on) AS s(n, k)
                    ON CONFLICT (id, rule) DO UPDATE SET state = 3, charge = excluded.charge, lease_ends = excluded.lease_ends;
            END IF;
        END $body$;
        """;
}
