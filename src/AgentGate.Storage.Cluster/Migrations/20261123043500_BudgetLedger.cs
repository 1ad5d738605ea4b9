using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>
/// The ledger that servers share (ADR 0028): what each counter holds, and what calls have reserved of it. The log's own sums
/// (<c>budget_spent</c>, <c>budget_open</c>) stay what the log wrote; these are held against them.
/// </summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123043500_BudgetLedger")]
internal sealed class BudgetLedger : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(Lock);
        migrationBuilder.Sql(Reserve);
        migrationBuilder.Sql(Settle);
        migrationBuilder.Sql(Release);
        migrationBuilder.Sql(Expected);
        migrationBuilder.Sql(Reconcile);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql(
            """
            DROP FUNCTION agentgate_budget_reconcile, agentgate_budget_expected, agentgate_budget_release, agentgate_budget_settle, agentgate_budget_reserve, agentgate_budget_lock;
            DROP TABLE budget_reservations;
            DROP TABLE budget_balances;
            """);

    /// <summary>
    /// A counter that all tenants share belongs to the tenant ":all", which no tenant is called and no tenant's connection sees.
    /// A reservation's state: 0 open, 1 charged by its lease, 2 given back by its lease, 3 settled.
    /// </summary>
    private const string Tables =
        """
        CREATE TABLE budget_balances (
            tenant text COLLATE "C" NOT NULL,
            rule text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            window_start bigint NOT NULL,
            spent bigint NOT NULL DEFAULT 0,
            reserved bigint NOT NULL DEFAULT 0,
            peak bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, rule, subject, window_start)) WITH (fillfactor = 50);

        CREATE TABLE budget_reservations (
            id uuid NOT NULL,
            tenant text COLLATE "C" NOT NULL,
            rule text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            window_start bigint NOT NULL,
            amount bigint NOT NULL,
            charge bigint NOT NULL DEFAULT 0,
            state smallint NOT NULL DEFAULT 0,
            lease_ends timestamptz NOT NULL,
            owner text COLLATE "C" NOT NULL,
            call_tenant text COLLATE "C" NOT NULL,
            call_id text COLLATE "C" NULL,
            on_record boolean NOT NULL DEFAULT false,
            PRIMARY KEY (id, rule));

        CREATE INDEX budget_reservations_open ON budget_reservations (tenant, rule, subject, window_start, lease_ends) WHERE state = 0;
        CREATE INDEX budget_reservations_ended ON budget_reservations (tenant, rule, subject, window_start) WHERE state > 0;
        CREATE INDEX budget_reservations_call ON budget_reservations (call_tenant, call_id, rule);
        """;

    /// <summary>
    /// Locks one counter, which is made if there is none, and ends the leases on it that are over. Who needs several locks them in the
    /// order of their keys, so that nobody waits in a circle. Answers the counter, what it once held at most, and what was ended.
    /// </summary>
    private const string Lock =
        """
        CREATE FUNCTION agentgate_budget_lock(
            p_tenant text, p_rule text, p_subject text, p_window bigint, p_now timestamptz, p_charges boolean,
            OUT o_spent bigint, OUT o_reserved bigint, OUT o_peak bigint, OUT o_ended bigint[])
        LANGUAGE plpgsql AS $body$
        DECLARE
            ended bigint := 0;
        BEGIN
            SELECT spent, reserved, peak INTO o_spent, o_reserved, o_peak FROM budget_balances
                WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window FOR UPDATE;
            IF NOT FOUND THEN
                INSERT INTO budget_balances (tenant, rule, subject, window_start) VALUES (p_tenant, p_rule, p_subject, p_window) ON CONFLICT DO NOTHING;
                SELECT spent, reserved, peak INTO o_spent, o_reserved, o_peak FROM budget_balances
                    WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window FOR UPDATE;
            END IF;
            IF o_reserved > 0 THEN
                WITH over AS (
                    UPDATE budget_reservations SET state = CASE WHEN p_charges THEN 1 ELSE 2 END, charge = CASE WHEN p_charges THEN amount ELSE 0 END
                        WHERE tenant = p_tenant AND rule = p_rule AND subject = p_subject AND window_start = p_window AND state = 0 AND lease_ends <= p_now
                        RETURNING amount)
                SELECT coalesce(sum(amount), 0), array_agg(amount) INTO ended, o_ended FROM over;
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
    /// Reserves on all counters or on none. The counters come in the order of their keys, their windows as units of the calendar that
    /// are cut here, by the database's time; the sums are those of the ledger in process, exact in whole billionths.
    /// </summary>
    private const string Reserve =
        """
        CREATE FUNCTION agentgate_budget_reserve(
            p_now timestamptz, p_charges boolean, p_id uuid, p_instead uuid, p_owner text, p_call_tenant text, p_call text, p_lease interval,
            p_tenants text[], p_rules text[], p_subjects text[], p_units text[], p_limits bigint[], p_places integer[],
            p_input bigint, p_per_token numeric, p_wanted bigint, p_least bigint,
            OUT o_granted boolean, OUT o_amount bigint, OUT o_tokens bigint, OUT o_short integer, OUT o_now timestamptz,
            OUT o_windows bigint[], OUT o_spent bigint[], OUT o_reserved bigint[], OUT o_peaks bigint[], OUT o_ended bigint[], OUT o_instead boolean)
        LANGUAGE plpgsql AS $body$
        DECLARE
            counters integer := array_length(p_rules, 1);
            one record;
            given bigint := 0;
            lefts bigint;
            least_left bigint;
            affordable numeric;
            amount numeric;
        BEGIN
            -- Until the end of this transaction: the commit of the intent carries it.
            PERFORM set_config('synchronous_commit', 'off', true);
            o_now := coalesce(p_now, clock_timestamp());
            FOR i IN 1..counters LOOP
                o_windows[i] := CASE WHEN p_units[i] = 'total' THEN 0
                    ELSE (extract(epoch FROM date_trunc(p_units[i], o_now AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') * 1000)::bigint END;
            END LOOP;
            -- What is replaced may lie in a window that is over: its counters are locked with the others, in one order.
            FOR one IN
                SELECT k.tenant, k.rule, k.subject, k.window_start, k.place FROM (
                    SELECT t.tenant, t.rule, t.subject, t.window_start, t.place
                        FROM unnest(p_tenants, p_rules, p_subjects, o_windows) WITH ORDINALITY AS t(tenant, rule, subject, window_start, place)
                    UNION ALL
                    SELECT r.tenant, r.rule, r.subject, r.window_start, NULL FROM budget_reservations r WHERE p_instead IS NOT NULL AND r.id = p_instead
                        AND NOT EXISTS (SELECT 1 FROM unnest(p_tenants, p_rules, p_subjects, o_windows) AS t(tenant, rule, subject, window_start)
                            WHERE t.tenant = r.tenant AND t.rule = r.rule AND t.subject = r.subject AND t.window_start = r.window_start)) k
                ORDER BY k.tenant COLLATE "C", k.rule COLLATE "C", k.subject COLLATE "C", k.window_start
            LOOP
                DECLARE
                    held record;
                    back bigint := 0;
                BEGIN
                    SELECT * INTO held FROM agentgate_budget_lock(one.tenant, one.rule, one.subject, one.window_start, o_now, p_charges);
                    IF held.o_ended IS NOT NULL THEN
                        o_ended := coalesce(o_ended, '{}') || held.o_ended;
                    END IF;
                    IF p_instead IS NOT NULL THEN
                        SELECT coalesce(sum(r.amount), 0) INTO back FROM budget_reservations r
                            WHERE r.id = p_instead AND r.rule = one.rule AND r.tenant = one.tenant AND r.subject = one.subject AND r.window_start = one.window_start AND r.state = 0;
                    END IF;
                    IF one.place IS NOT NULL THEN
                        o_spent[one.place] := held.o_spent;
                        o_reserved[one.place] := held.o_reserved - back;
                        o_peaks[one.place] := held.o_peak;
                    END IF;
                END;
            END LOOP;
            -- A lease that is over was ended above; what is left of it stays as it is.
            o_instead := EXISTS (SELECT 1 FROM budget_reservations r WHERE p_instead IS NOT NULL AND r.id = p_instead AND r.state = 0);
            -- The tightest, and of equals the one that the rules name first.
            FOR i IN 1..counters LOOP
                lefts := p_limits[i] - o_spent[i] - o_reserved[i];
                IF least_left IS NULL OR lefts < least_left OR (lefts = least_left AND p_places[i] < p_places[o_short]) THEN
                    least_left := lefts;
                    o_short := i;
                END IF;
            END LOOP;
            o_tokens := p_wanted;
            IF p_per_token > 0 THEN
                -- Rounded far behind the billionth, where the ledger in process ends as well: a third of a price is a third of it.
                affordable := floor(round((least_left - p_input)::numeric(40, 20) / p_per_token, 18));
                IF affordable < o_tokens THEN
                    o_tokens := affordable::bigint;
                END IF;
            END IF;
            amount := p_input::numeric + ceil(round(o_tokens::numeric * p_per_token, 18));
            IF amount > least_left THEN
                o_tokens := o_tokens - 1;
                amount := p_input::numeric + ceil(round(o_tokens::numeric * p_per_token, 18));
            END IF;
            o_granted := p_input <= least_left AND o_tokens >= p_least AND amount <= least_left;
            IF NOT o_granted THEN
                RETURN;
            END IF;
            o_amount := amount::bigint;
            o_short := NULL;
            IF p_instead IS NOT NULL THEN
                UPDATE budget_balances b SET reserved = b.reserved - r.amount FROM budget_reservations r
                    WHERE r.id = p_instead AND r.state = 0 AND b.tenant = r.tenant AND b.rule = r.rule AND b.subject = r.subject AND b.window_start = r.window_start;
                DELETE FROM budget_reservations WHERE id = p_instead AND state = 0;
            END IF;
            -- One statement may change a row once: shared counters of one call are distinct by their rules.
            UPDATE budget_balances b SET reserved = b.reserved + o_amount
                FROM unnest(p_tenants, p_rules, p_subjects, o_windows) AS t(tenant, rule, subject, window_start)
                WHERE b.tenant = t.tenant AND b.rule = t.rule AND b.subject = t.subject AND b.window_start = t.window_start;
            INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, lease_ends, owner, call_tenant, call_id)
                SELECT p_id, t.tenant, t.rule, t.subject, t.window_start, o_amount, o_now + p_lease, p_owner, p_call_tenant, p_call
                FROM unnest(p_tenants, p_rules, p_subjects, o_windows) AS t(tenant, rule, subject, window_start);
            FOR i IN 1..counters LOOP
                o_reserved[i] := o_reserved[i] + o_amount;
            END LOOP;
        END $body$;
        """;

    /// <summary>
    /// Settles a reservation on all its counters, once: asked again, it changes nothing. One that the server forgot in a crash is
    /// charged all the same, since the money is spent. Peaks are what the counters once held at most, before this charge.
    /// </summary>
    private const string Settle =
        """
        CREATE FUNCTION agentgate_budget_settle(
            p_now timestamptz, p_charges boolean, p_id uuid, p_owner text, p_call_tenant text, p_call text,
            p_tenants text[], p_rules text[], p_subjects text[], p_windows bigint[], p_cost bigint,
            OUT o_first boolean, OUT o_spent bigint[], OUT o_reserved bigint[], OUT o_peaks bigint[], OUT o_ended bigint[])
        LANGUAGE plpgsql AS $body$
        DECLARE
            at_now timestamptz := coalesce(p_now, clock_timestamp());
            held record;
            mine record;
            had bigint;
        BEGIN
            PERFORM set_config('synchronous_commit', 'off', true);
            o_first := false;
            FOR i IN 1..array_length(p_rules, 1) LOOP
                SELECT * INTO held FROM agentgate_budget_lock(p_tenants[i], p_rules[i], p_subjects[i], p_windows[i], at_now, p_charges);
                o_spent[i] := held.o_spent;
                o_reserved[i] := held.o_reserved;
                o_peaks[i] := held.o_peak;
                IF held.o_ended IS NOT NULL THEN
                    o_ended := coalesce(o_ended, '{}') || held.o_ended;
                END IF;
                SELECT r.state, r.amount, r.charge INTO mine FROM budget_reservations r WHERE r.id = p_id AND r.rule = p_rules[i];
                IF FOUND AND mine.state = 3 THEN
                    CONTINUE;
                END IF;
                o_first := true;
                had := 0;
                IF mine.state IS NOT NULL THEN
                    had := mine.charge;
                    o_reserved[i] := o_reserved[i] - CASE WHEN mine.state = 0 THEN mine.amount ELSE 0 END;
                END IF;
                o_spent[i] := o_spent[i] + p_cost - had;
                UPDATE budget_balances SET spent = o_spent[i], reserved = o_reserved[i], peak = greatest(peak, o_spent[i])
                    WHERE tenant = p_tenants[i] AND rule = p_rules[i] AND subject = p_subjects[i] AND window_start = p_windows[i];
                INSERT INTO budget_reservations AS r (id, tenant, rule, subject, window_start, amount, charge, state, lease_ends, owner, call_tenant, call_id)
                    VALUES (p_id, p_tenants[i], p_rules[i], p_subjects[i], p_windows[i], 0, p_cost, 3, at_now, p_owner, p_call_tenant, p_call)
                    ON CONFLICT (id, rule) DO UPDATE SET state = 3, charge = p_cost, lease_ends = at_now;
            END LOOP;
        END $body$;
        """;

    /// <summary>Gives back a reservation of which its server never heard whether it was made.</summary>
    private const string Release =
        """
        CREATE FUNCTION agentgate_budget_release(p_now timestamptz, p_charges boolean, p_id uuid) RETURNS void
        LANGUAGE plpgsql AS $body$
        DECLARE
            one record;
        BEGIN
            FOR one IN SELECT tenant, rule, subject, window_start FROM budget_reservations WHERE id = p_id ORDER BY tenant, rule, subject, window_start LOOP
                PERFORM agentgate_budget_lock(one.tenant, one.rule, one.subject, one.window_start, coalesce(p_now, clock_timestamp()), p_charges);
                UPDATE budget_balances b SET reserved = b.reserved - CASE WHEN r.state = 0 THEN r.amount ELSE 0 END, spent = b.spent - r.charge
                    FROM budget_reservations r
                    WHERE r.id = p_id AND r.rule = one.rule AND b.tenant = one.tenant AND b.rule = one.rule AND b.subject = one.subject AND b.window_start = one.window_start;
                DELETE FROM budget_reservations WHERE id = p_id AND rule = one.rule;
            END LOOP;
        END $body$;
        """;

    /// <summary>
    /// What a counter must have spent: what the log's outcomes say, and what was charged to calls whose intent is on record and whose
    /// outcome is not yet. A charge of a call the log knows nothing of is none: its effect never ran.
    /// </summary>
    private const string Expected =
        """
        CREATE FUNCTION agentgate_budget_expected(p_tenant text, p_rule text, p_subject text, p_window bigint) RETURNS bigint
        LANGUAGE sql STABLE AS $body$
            SELECT (coalesce((SELECT sum(s.nano_usd) FROM budget_spent s
                    WHERE (p_tenant = ':all' OR s.tenant = p_tenant) AND s.rule = p_rule AND s.subject = p_subject AND s.window_start = p_window), 0)
                + coalesce((SELECT sum(r.charge) FROM budget_reservations r
                    WHERE r.tenant = p_tenant AND r.rule = p_rule AND r.subject = p_subject AND r.window_start = p_window AND r.state > 0
                        AND EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule)), 0))::bigint
        $body$;
        """;

    /// <summary>
    /// Holds the ledger against the log, for the rules named and windows that may still run: takes up reservations that only the log
    /// knows, puts sums right, and forgets what is settled and posted. One server at a time; answers what it put right.
    /// </summary>
    private const string Reconcile =
        """
        CREATE FUNCTION agentgate_budget_reconcile(
            p_now timestamptz, p_charges boolean, p_owner text, p_lease interval, p_rules text[], p_shared boolean[], p_since bigint)
        RETURNS TABLE (tenant text, rule text, subject text, window_start bigint, was bigint, is_now bigint)
        LANGUAGE plpgsql AS $body$
        #variable_conflict use_column
        DECLARE
            at_now timestamptz := coalesce(p_now, clock_timestamp());
            one record;
            held record;
            right_sum bigint;
            ended bigint;
        BEGIN
            IF NOT pg_try_advisory_xact_lock(hashtextextended('agentgate budget reconcile', 0))
                OR NOT (EXISTS (SELECT 1 FROM budget_spent) OR EXISTS (SELECT 1 FROM budget_open)) THEN
                RETURN;
            END IF;
            FOR one IN
                SELECT CASE WHEN k.shared THEN ':all' ELSE o.tenant END AS counter, o.tenant, o.call_id, o.rule, o.subject, o.window_start, o.nano_usd
                FROM budget_open o JOIN unnest(p_rules, p_shared) AS k(rule, shared) ON k.rule = o.rule
                WHERE NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.call_tenant = o.tenant AND r.call_id = o.call_id AND r.rule = o.rule)
                ORDER BY 1, o.rule, o.subject, o.window_start
            LOOP
                PERFORM agentgate_budget_lock(one.counter, one.rule, one.subject, one.window_start, at_now, p_charges);
                IF EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = one.tenant AND o.call_id = one.call_id AND o.rule = one.rule)
                    AND NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.call_tenant = one.tenant AND r.call_id = one.call_id AND r.rule = one.rule) THEN
                    INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, lease_ends, owner, call_tenant, call_id, on_record)
                        VALUES (gen_random_uuid(), one.counter, one.rule, one.subject, one.window_start, one.nano_usd, at_now + p_lease, p_owner, one.tenant, one.call_id, true);
                    UPDATE budget_balances b SET reserved = b.reserved + one.nano_usd
                        WHERE b.tenant = one.counter AND b.rule = one.rule AND b.subject = one.subject AND b.window_start = one.window_start;
                END IF;
            END LOOP;
            -- Locked in the order of the keys, as everybody locks them.
            FOR one IN
                SELECT k.counter, k.rule, k.subject, k.window_start FROM (
                    SELECT b.tenant AS counter, b.rule, b.subject, b.window_start FROM budget_balances b
                        WHERE b.rule = ANY (p_rules) AND (b.window_start = 0 OR b.window_start >= p_since)
                            AND (b.spent <> agentgate_budget_expected(b.tenant, b.rule, b.subject, b.window_start)
                                OR b.reserved > 0)
                    UNION
                    SELECT CASE WHEN k.shared THEN ':all' ELSE s.tenant END, s.rule, s.subject, s.window_start
                        FROM budget_spent s JOIN unnest(p_rules, p_shared) AS k(rule, shared) ON k.rule = s.rule
                        WHERE (s.window_start = 0 OR s.window_start >= p_since)
                            AND NOT EXISTS (SELECT 1 FROM budget_balances b WHERE b.tenant = CASE WHEN k.shared THEN ':all' ELSE s.tenant END
                                AND b.rule = s.rule AND b.subject = s.subject AND b.window_start = s.window_start)) k
                ORDER BY k.counter COLLATE "C", k.rule COLLATE "C", k.subject COLLATE "C", k.window_start
            LOOP
                SELECT * INTO held FROM agentgate_budget_lock(one.counter, one.rule, one.subject, one.window_start, at_now, p_charges);
                -- What was on record and has its outcome was settled by the log, whatever became of the server that reserved it.
                WITH posted AS (
                    UPDATE budget_reservations r SET state = 3, charge = 0
                        WHERE r.tenant = one.counter AND r.rule = one.rule AND r.subject = one.subject AND r.window_start = one.window_start AND r.state = 0 AND r.on_record
                            AND NOT EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule)
                        RETURNING r.amount)
                SELECT coalesce(sum(amount), 0) INTO ended FROM posted;
                IF ended > 0 THEN
                    UPDATE budget_balances b SET reserved = b.reserved - ended
                        WHERE b.tenant = one.counter AND b.rule = one.rule AND b.subject = one.subject AND b.window_start = one.window_start;
                END IF;
                UPDATE budget_reservations r SET on_record = true
                    WHERE r.tenant = one.counter AND r.rule = one.rule AND r.subject = one.subject AND r.window_start = one.window_start AND r.state = 0 AND NOT r.on_record
                        AND EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule);
                right_sum := agentgate_budget_expected(one.counter, one.rule, one.subject, one.window_start);
                IF held.o_spent <> right_sum THEN
                    UPDATE budget_balances b SET spent = right_sum, peak = greatest(b.peak, right_sum)
                        WHERE b.tenant = one.counter AND b.rule = one.rule AND b.subject = one.subject AND b.window_start = one.window_start;
                    tenant := one.counter; rule := one.rule; subject := one.subject; window_start := one.window_start;
                    was := held.o_spent; is_now := right_sum;
                    RETURN NEXT;
                END IF;
            END LOOP;
            DELETE FROM budget_reservations r WHERE r.state > 0 AND r.lease_ends < at_now - interval '1 minute'
                AND NOT EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule);
        END $body$;
        """;
}
