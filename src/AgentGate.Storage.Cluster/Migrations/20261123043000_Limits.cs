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

            CREATE TABLE limit_seats (
                prefix text COLLATE "C" NOT NULL,
                seat integer NOT NULL,
                owner text COLLATE "C" NOT NULL,
                lease_ends timestamptz NOT NULL,
                former_ended timestamptz NULL,
                PRIMARY KEY (prefix, seat));

            -- Renews the owner's seat, or takes the one that has been free for longest; none: no row.
            CREATE FUNCTION agentgate_limit_seat(p_prefix text, p_owner text, p_servers integer, p_lease interval)
            RETURNS TABLE (seat integer, free_for interval)
            LANGUAGE plpgsql AS $body$
            #variable_conflict use_column
            DECLARE
                now_at timestamptz;
                mine integer;
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtextextended('agentgate limit seats ' || p_prefix, 0));
                now_at := clock_timestamp();
                SELECT s.seat INTO mine FROM limit_seats s WHERE s.prefix = p_prefix AND s.owner = p_owner AND s.seat < p_servers;
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
                    INSERT INTO limit_seats AS s (prefix, seat, owner, lease_ends) VALUES (p_prefix, mine, p_owner, now_at + p_lease)
                        ON CONFLICT (prefix, seat) DO UPDATE SET owner = p_owner, former_ended = s.lease_ends, lease_ends = now_at + p_lease;
                ELSE
                    UPDATE limit_seats s SET lease_ends = now_at + p_lease WHERE s.prefix = p_prefix AND s.seat = mine;
                END IF;
                RETURN QUERY SELECT s.seat, now_at - s.former_ended FROM limit_seats s WHERE s.prefix = p_prefix AND s.seat = mine;
            END $body$;
            """);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql("DROP FUNCTION agentgate_limit_seat(text, text, integer, interval); DROP TABLE limit_seats; DROP TABLE limit_epochs;");
}
