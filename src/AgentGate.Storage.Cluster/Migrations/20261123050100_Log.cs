using AgentGate.Storage;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>What the log needs where several processes append to it: who they are, whose an open intent is, the newest checkpoints.</summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123050100_Log")]
internal sealed class Log : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql(
            """
            CREATE TABLE log_instances (
                id text COLLATE "C" PRIMARY KEY,
                started_at timestamptz NOT NULL,
                seen_at timestamptz NOT NULL,
                ended_at timestamptz,
                lease interval NOT NULL,
                chain_key text COLLATE "C" NOT NULL,
                signing_key text COLLATE "C" NOT NULL,
                name text COLLATE "C" NOT NULL
            ) WITH (fillfactor = 50);

            CREATE TABLE log_checkpoints (
                tenant text COLLATE "C" PRIMARY KEY,
                signed_size bigint NOT NULL DEFAULT 0,
                signed bytea NOT NULL DEFAULT '',
                published_size bigint NOT NULL DEFAULT 0,
                published bytea NOT NULL DEFAULT ''
            ) WITH (fillfactor = 50);

            ALTER TABLE log_open_intents ADD COLUMN instance text COLLATE "C" NOT NULL DEFAULT '';
            ALTER TABLE log_heads SET (fillfactor = 50);
            CREATE INDEX "IX_traces_tenant_id" ON traces (tenant, id);

            -- Whether an entry meets a query. One that cannot be read meets every query: what somebody spoiled must not hide behind a filter.
            CREATE FUNCTION agentgate_entry_matches(
                entry text, kind text, principal text, resource text, action text, code text, since text, until text, pattern text)
            RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $function$
            DECLARE
                e json;
            BEGIN
                e := entry::json;
                RETURN COALESCE(
                    (kind IS NULL OR e ->> 'kind' = kind)
                    AND (principal IS NULL OR e ->> 'principal' = principal)
                    AND (resource IS NULL OR e -> 'resource' ->> 'id' = resource)
                    AND (action IS NULL OR e ->> 'action' = action)
                    AND (code IS NULL OR e ->> 'code' = code)
                    AND (since IS NULL OR (e ->> 'at') COLLATE "C" >= since COLLATE "C")
                    AND (until IS NULL OR (e ->> 'at') COLLATE "C" < until COLLATE "C")
                    AND (pattern IS NULL OR concat_ws(E'\n', e ->> 'principal', e ->> 'action', e -> 'resource' ->> 'id', e ->> 'code', e ->> 'door', e ->> 'call_id', e ->> 'detail')
                        COLLATE "C" ILIKE pattern COLLATE "C"),
                    false);
            EXCEPTION WHEN data_exception THEN
                RETURN true;
            END $function$;
            """);
}
