using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>What PostgreSQL remembers of the counts in Redis: the epoch, and the seats of the servers that share them (ADR 0028).</summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123043000_Limits")]
internal sealed class Limits : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql(
            """
            CREATE TABLE limit_epochs (prefix text COLLATE "C" PRIMARY KEY, epoch text COLLATE "C" NOT NULL);

            -- sharing: what the shares of the server that has the seat rest on.
            CREATE TABLE limit_seats (
                prefix text COLLATE "C" NOT NULL,
                seat integer NOT NULL,
                owner text COLLATE "C" NOT NULL,
                sharing text COLLATE "C" NOT NULL,
                lease_ends timestamptz NOT NULL,
                former_ended timestamptz NULL,
                PRIMARY KEY (prefix, seat));

            -- Renews the owner's seat, or takes the one that has been free for longest; none: no row. While a server with other shares has
            -- a seat, nobody with these takes one (differs), and who takes one later counts it as free since the last of those ended.
            CREATE FUNCTION agentgate_limit_seat(p_prefix text, p_owner text, p_servers integer, p_lease interval, p_sharing text)
            RETURNS TABLE (seat integer, free_for interval, differs boolean)
            LANGUAGE plpgsql AS $body$
            #variable_conflict use_column
            DECLARE
                now_at timestamptz;
                mine integer;
                mine_ends timestamptz;
                others_ended timestamptz;
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtextextended('agentgate limit seats ' || p_prefix, 0));
                now_at := clock_timestamp();
                SELECT s.seat, s.lease_ends INTO mine, mine_ends FROM limit_seats s WHERE s.prefix = p_prefix AND s.owner = p_owner AND s.seat < p_servers;
                IF mine IS NULL OR mine_ends < now_at THEN
                    SELECT max(s.lease_ends) INTO others_ended FROM limit_seats s WHERE s.prefix = p_prefix AND s.sharing <> p_sharing;
                    IF others_ended >= now_at THEN
                        RETURN QUERY SELECT NULL::integer, NULL::interval, true;
                        RETURN;
                    END IF;
                END IF;
                IF mine IS NULL THEN
                    SELECT n INTO mine FROM generate_series(0, p_servers - 1) n
                        WHERE NOT EXISTS (SELECT 1 FROM limit_seats s WHERE s.prefix = p_prefix AND s.seat = n) ORDER BY n LIMIT 1;
                    IF mine IS NULL THEN
                        SELECT s.seat INTO mine FROM limit_seats s
                            WHERE s.prefix = p_prefix AND s.seat < p_servers AND s.lease_ends < now_at ORDER BY s.lease_ends LIMIT 1;
                        IF mine IS NULL THEN
                            RETURN;
                        END IF;
                    END IF;
                    INSERT INTO limit_seats AS s (prefix, seat, owner, sharing, lease_ends, former_ended)
                        VALUES (p_prefix, mine, p_owner, p_sharing, now_at + p_lease, others_ended)
                        ON CONFLICT (prefix, seat) DO UPDATE
                        SET owner = p_owner, sharing = p_sharing, former_ended = GREATEST(s.lease_ends, s.former_ended, others_ended), lease_ends = now_at + p_lease;
                ELSE
                    UPDATE limit_seats s SET lease_ends = now_at + p_lease, former_ended = GREATEST(s.former_ended, others_ended)
                        WHERE s.prefix = p_prefix AND s.seat = mine;
                END IF;
                RETURN QUERY SELECT s.seat, now_at - s.former_ended, false FROM limit_seats s WHERE s.prefix = p_prefix AND s.seat = mine;
            END $body$;
            """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql("DROP FUNCTION agentgate_limit_seat(text, text, integer, interval, text); DROP TABLE limit_seats; DROP TABLE limit_epochs;");
}
