using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>
/// Holding the ledger against the log in small pieces (ADR 0028): what looks wrong is found without a lock, page by page, and each counter
/// is looked at again and put right in a short transaction of its own.
/// </summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123060100_LedgerUpkeep")]
internal sealed class LedgerUpkeep : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Knows);
        migrationBuilder.Sql(Owed);
        migrationBuilder.Sql(Page);
        migrationBuilder.Sql(TakeUp);
        migrationBuilder.Sql(Check);
        migrationBuilder.Sql(Forget);
        migrationBuilder.Sql(Leave);
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql(
            """
            DROP FUNCTION agentgate_budget_forget, agentgate_budget_check, agentgate_budget_take_up, agentgate_budget_page, agentgate_budget_owed, agentgate_budget_knows;
            """);

    /// <summary>A server of an older version leaves this to those that do it in pieces: it would not know what stands and what was posted.</summary>
    private const string Leave =
        """
        CREATE OR REPLACE FUNCTION agentgate_budget_reconcile(
            p_now timestamptz, p_charges boolean, p_owner text, p_lease interval, p_rules text[], p_shared boolean[], p_since bigint)
        RETURNS TABLE (tenant text, rule text, subject text, window_start bigint, was bigint, is_now bigint)
        LANGUAGE sql AS 'SELECT NULL::text, NULL::text, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint WHERE false';
        """;

    /// <summary>
    /// What the log knows of a reservation's call: <c>posted</c>, where its outcome charged what there was; <c>open</c>, where its
    /// intent is on record and has no outcome; else nothing. Reservations of servers that did not write what they posted count as posted
    /// when they were seen on record and are open no longer.
    /// </summary>
    private const string Knows =
        """
        CREATE FUNCTION agentgate_budget_knows(p_tenant text, p_call text, p_rule text, p_on_record boolean) RETURNS text
        LANGUAGE sql STABLE AS $body$
            SELECT CASE
                WHEN EXISTS (SELECT 1 FROM budget_posted p WHERE p.tenant = p_tenant AND p.call_id = p_call) THEN 'posted'
                WHEN EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = p_tenant AND o.call_id = p_call AND o.rule = p_rule) THEN 'open'
                WHEN p_on_record THEN 'posted' END
        $body$;
        """;

    /// <summary>
    /// What a counter must have spent: what the log's outcomes say, and what was charged to calls whose outcome is not posted yet. What
    /// was charged to a call the log knows nothing of is no cost where that is sure to mean that its effect never ran: where it is a
    /// lapsed lease and intents are durable, or where its server did not say what it posted.
    /// </summary>
    private const string Owed =
        """
        CREATE FUNCTION agentgate_budget_owed(p_tenant text, p_rule text, p_subject text, p_window bigint, p_durable boolean) RETURNS bigint
        LANGUAGE sql STABLE AS $body$
            SELECT (coalesce((SELECT sum(s.nano_usd) FROM budget_spent s
                    WHERE (p_tenant = ':all' OR s.tenant = p_tenant) AND s.rule = p_rule AND s.subject = p_subject AND s.window_start = p_window), 0)
                + coalesce((SELECT sum(r.charge) FROM budget_reservations r
                    WHERE r.tenant = p_tenant AND r.rule = p_rule AND r.subject = p_subject AND r.window_start = p_window AND r.state > 0 AND r.charge <> 0
                        AND CASE agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record)
                            WHEN 'posted' THEN false WHEN 'open' THEN true ELSE r.kept AND (r.state = 3 OR NOT p_durable) END), 0))::bigint
        $body$;
        """;

    /// <summary>
    /// The next counters behind a place, in the order of their keys, and for each whether anything about it looks wrong: its sum, a lease
    /// that is over, a call that the log closed, a charge that the log knows nothing of. Locks nothing.
    /// </summary>
    private const string Page =
        """
        CREATE FUNCTION agentgate_budget_page(
            p_now timestamptz, p_durable boolean, p_rules text[], p_keeps bigint[],
            p_tenant text, p_rule text, p_subject text, p_window bigint, p_count integer)
        RETURNS TABLE (tenant text, rule text, subject text, window_start bigint, looks_wrong boolean)
        LANGUAGE sql STABLE AS $body$
            SELECT b.tenant, b.rule, b.subject, b.window_start,
                k.keeps IS NOT NULL AND (b.window_start = 0 OR b.window_start >= (extract(epoch FROM coalesce(p_now, clock_timestamp())) * 1000)::bigint - k.keeps) AND (
                    b.spent <> agentgate_budget_owed(b.tenant, b.rule, b.subject, b.window_start, p_durable)
                    OR EXISTS (SELECT 1 FROM budget_reservations r
                        WHERE r.tenant = b.tenant AND r.rule = b.rule AND r.subject = b.subject AND r.window_start = b.window_start AND r.state = 0
                            AND (r.lease_ends <= coalesce(p_now, clock_timestamp())
                                OR agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record) = 'posted'))
                    OR EXISTS (SELECT 1 FROM budget_reservations r
                        WHERE r.tenant = b.tenant AND r.rule = b.rule AND r.subject = b.subject AND r.window_start = b.window_start AND r.state > 0 AND r.charge <> 0
                            AND CASE agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record)
                                WHEN 'open' THEN false WHEN 'posted' THEN r.state = 1
                                ELSE (r.state = 1 AND (p_durable OR NOT r.kept)) OR (r.kept AND NOT r.told) END))
            FROM (SELECT * FROM budget_balances a WHERE (a.tenant, a.rule, a.subject, a.window_start) > (p_tenant, p_rule, p_subject, p_window)
                ORDER BY a.tenant, a.rule, a.subject, a.window_start LIMIT p_count) b
            LEFT JOIN unnest(p_rules, p_keeps) AS k(rule, keeps) ON k.rule = b.rule
            WHERE EXISTS (SELECT 1 FROM budget_spent) OR EXISTS (SELECT 1 FROM budget_open)
            ORDER BY b.tenant, b.rule, b.subject, b.window_start
        $body$;
        """;

    /// <summary>
    /// Takes up reservations that only the log knows, and makes counters that only the log has sums of; a bounded number of each, one
    /// counter of one tenant after the other in the order of the keys. Answers how many there were.
    /// </summary>
    private const string TakeUp =
        """
        CREATE FUNCTION agentgate_budget_take_up(
            p_now timestamptz, p_charges boolean, p_owner text, p_lease interval, p_rules text[], p_shared boolean[], p_keeps bigint[], p_count integer)
        RETURNS integer
        LANGUAGE plpgsql AS $body$
        DECLARE
            at_now timestamptz := coalesce(p_now, clock_timestamp());
            one record;
            taken integer := 0;
        BEGIN
            FOR one IN
                SELECT * FROM (
                    (SELECT CASE WHEN k.shared THEN ':all' ELSE o.tenant END AS counter, o.tenant, o.call_id, o.rule, o.subject, o.window_start, o.nano_usd
                    FROM budget_open o JOIN unnest(p_rules, p_shared) AS k(rule, shared) ON k.rule = o.rule
                    WHERE NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.call_tenant = o.tenant AND r.call_id = o.call_id AND r.rule = o.rule)
                    LIMIT p_count)
                    UNION ALL
                    (SELECT DISTINCT CASE WHEN k.shared THEN ':all' ELSE s.tenant END, NULL, NULL, s.rule, s.subject, s.window_start, 0
                    FROM budget_spent s JOIN unnest(p_rules, p_shared, p_keeps) AS k(rule, shared, keeps) ON k.rule = s.rule
                    WHERE (s.window_start = 0 OR s.window_start >= (extract(epoch FROM at_now) * 1000)::bigint - k.keeps)
                        AND NOT EXISTS (SELECT 1 FROM budget_balances b WHERE b.tenant = CASE WHEN k.shared THEN ':all' ELSE s.tenant END
                            AND b.rule = s.rule AND b.subject = s.subject AND b.window_start = s.window_start)
                    LIMIT p_count)) found
                ORDER BY counter COLLATE "C", rule COLLATE "C", subject COLLATE "C", window_start
            LOOP
                PERFORM agentgate_budget_hold(one.counter, one.rule, one.subject, one.window_start, at_now, p_charges);
                taken := taken + 1;
                IF one.call_id IS NOT NULL
                    AND EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = one.tenant AND o.call_id = one.call_id AND o.rule = one.rule)
                    AND NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.call_tenant = one.tenant AND r.call_id = one.call_id AND r.rule = one.rule) THEN
                    INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, lease_ends, owner, call_tenant, call_id, on_record, kept)
                        VALUES (gen_random_uuid(), one.counter, one.rule, one.subject, one.window_start, one.nano_usd, at_now + p_lease, p_owner, one.tenant, one.call_id, true, true);
                    UPDATE budget_balances b SET reserved = b.reserved + one.nano_usd
                        WHERE b.tenant = one.counter AND b.rule = one.rule AND b.subject = one.subject AND b.window_start = one.window_start;
                END IF;
            END LOOP;
            RETURN taken;
        END $body$;
        """;

    /// <summary>
    /// Holds one counter against the log and puts it right. What is subtracted here is no charge of its reservation afterwards, so that
    /// whoever settles or releases that later does not subtract it a second time. Answers what the sum was and is, and charges the log
    /// knows nothing of, each told once.
    /// </summary>
    private const string Check =
        """
        CREATE FUNCTION agentgate_budget_check(
            p_now timestamptz, p_charges boolean, p_durable boolean, p_tenant text, p_rule text, p_subject text, p_window bigint,
            OUT o_was bigint, OUT o_is bigint, OUT o_tenants text[], OUT o_calls text[], OUT o_charges bigint[])
        LANGUAGE plpgsql AS $body$
        DECLARE
            held record;
            back bigint;
        BEGIN
            SELECT * INTO held FROM agentgate_budget_hold(p_tenant, p_rule, p_subject, p_window, coalesce(p_now, clock_timestamp()), p_charges);
            o_was := held.o_spent;
            -- What has its outcome was charged by the log, whatever became of the server that reserved it.
            WITH posted AS (
                SELECT r.id, r.state, r.amount FROM budget_reservations r
                    WHERE r.tenant = p_tenant AND r.rule = p_rule AND r.subject = p_subject AND r.window_start = p_window AND r.state < 3
                        AND agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record) = 'posted' LIMIT 1000),
            closed AS (
                UPDATE budget_reservations r SET state = 3, charge = 0 FROM posted p WHERE r.id = p.id AND r.rule = p_rule)
            SELECT coalesce(sum(amount), 0) INTO back FROM posted WHERE state = 0;
            -- A lease that lapsed without an intent is given back where intents are durable: its effect never ran.
            UPDATE budget_reservations r SET state = 2, charge = 0
                WHERE r.tenant = p_tenant AND r.rule = p_rule AND r.subject = p_subject AND r.window_start = p_window AND r.state = 1
                    AND (p_durable OR NOT r.kept) AND agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record) IS NULL;
            WITH told AS (
                UPDATE budget_reservations r SET told = true
                    WHERE r.tenant = p_tenant AND r.rule = p_rule AND r.subject = p_subject AND r.window_start = p_window AND r.state > 0
                        AND r.kept AND r.charge <> 0 AND NOT r.told AND agentgate_budget_knows(r.call_tenant, r.call_id, r.rule, r.on_record) IS NULL
                    RETURNING r.call_tenant, r.call_id, r.charge)
            SELECT array_agg(call_tenant), array_agg(coalesce(call_id, '')), array_agg(charge) INTO o_tenants, o_calls, o_charges FROM told;
            o_is := agentgate_budget_owed(p_tenant, p_rule, p_subject, p_window, p_durable);
            UPDATE budget_balances b SET spent = o_is, reserved = b.reserved - back, peak = greatest(b.peak, o_is)
                WHERE b.tenant = p_tenant AND b.rule = p_rule AND b.subject = p_subject AND b.window_start = p_window AND (b.spent <> o_is OR back <> 0);
        END $body$;
        """;

    /// <summary>
    /// Forgets what nobody needs, a bounded number of each, and waits for nobody's lock: reservations that are settled and posted or
    /// had no charge, notes of what was posted, and counters of windows long past with nothing open. A charge the log knows nothing of
    /// stays as long as its window. Answers how many there were.
    /// </summary>
    private const string Forget =
        """
        CREATE FUNCTION agentgate_budget_forget(p_now timestamptz, p_rules text[], p_keeps bigint[], p_keeps_others bigint, p_count integer) RETURNS integer
        LANGUAGE plpgsql AS $body$
        DECLARE
            at_now timestamptz := coalesce(p_now, clock_timestamp());
            counted integer;
            forgotten integer := 0;
        BEGIN
            DELETE FROM budget_reservations WHERE (id, rule) IN (
                SELECT r.id, r.rule FROM budget_reservations r
                    WHERE r.state = 3 AND EXISTS (SELECT 1 FROM budget_posted p WHERE p.tenant = r.call_tenant AND p.call_id = r.call_id)
                        OR r.state IN (2, 3) AND r.lease_ends < at_now - interval '1 minute' AND NOT (r.kept AND r.charge <> 0)
                            AND NOT EXISTS (SELECT 1 FROM budget_open o WHERE o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule)
                    LIMIT p_count FOR UPDATE SKIP LOCKED);
            GET DIAGNOSTICS counted = ROW_COUNT;
            forgotten := forgotten + counted;
            DELETE FROM budget_posted WHERE (tenant, call_id) IN (
                SELECT p.tenant, p.call_id FROM budget_posted p
                    WHERE p.at < at_now - interval '5 minutes'
                        AND NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.call_tenant = p.tenant AND r.call_id = p.call_id)
                    ORDER BY p.at LIMIT p_count FOR UPDATE SKIP LOCKED);
            GET DIAGNOSTICS counted = ROW_COUNT;
            forgotten := forgotten + counted;
            -- A call that is open keeps its counter, and with it what was charged to it.
            WITH past AS (
                DELETE FROM budget_balances WHERE (tenant, rule, subject, window_start) IN (
                    SELECT b.tenant, b.rule, b.subject, b.window_start FROM budget_balances b LEFT JOIN unnest(p_rules, p_keeps) AS k(rule, keeps) ON k.rule = b.rule
                        WHERE b.window_start > 0 AND b.window_start < (extract(epoch FROM at_now) * 1000)::bigint - coalesce(k.keeps, p_keeps_others) AND b.reserved = 0
                            AND NOT EXISTS (SELECT 1 FROM budget_reservations r JOIN budget_open o ON o.tenant = r.call_tenant AND o.call_id = r.call_id AND o.rule = r.rule
                                WHERE r.tenant = b.tenant AND r.rule = b.rule AND r.subject = b.subject AND r.window_start = b.window_start)
                        LIMIT p_count FOR UPDATE OF b SKIP LOCKED)
                    RETURNING tenant, rule, subject, window_start)
            SELECT count(*) INTO counted FROM past;
            forgotten := forgotten + counted;
            DELETE FROM budget_reservations WHERE (id, rule) IN (
                SELECT r.id, r.rule FROM budget_reservations r WHERE r.state > 0 AND r.lease_ends < at_now - interval '1 day'
                    AND NOT EXISTS (SELECT 1 FROM budget_balances b WHERE b.tenant = r.tenant AND b.rule = r.rule AND b.subject = r.subject AND b.window_start = r.window_start)
                    LIMIT p_count FOR UPDATE SKIP LOCKED);
            GET DIAGNOSTICS counted = ROW_COUNT;
            forgotten := forgotten + counted;
            -- What the log posted is kept for as long as the ledger of one process keeps it.
            DELETE FROM budget_spent WHERE (tenant, rule, subject, window_start) IN (
                SELECT s.tenant, s.rule, s.subject, s.window_start FROM budget_spent s
                    WHERE s.window_start > 0 AND s.window_start < (extract(epoch FROM at_now - interval '400 days') * 1000)::bigint LIMIT p_count FOR UPDATE SKIP LOCKED);
            RETURN forgotten;
        END $body$;
        """;
}
