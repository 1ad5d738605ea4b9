using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>What one server changes, the others follow; and what two servers must not do at once, the database refuses.</summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123050000_Changes")]
internal sealed class Changes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(ChangeTriggers.Sql);

        // When a key was last used is written all the time and means nothing to the others.
        ChangeTriggers.Follow(migrationBuilder, "api_keys", ChangeTopics.Keys, "tenant", "principal_id", "scopes", "secret_hash", "expires_at", "revoked_at");
        ChangeTriggers.Follow(migrationBuilder, "policy_versions", ChangeTopics.Policies);
        ChangeTriggers.Follow(migrationBuilder, "grants", ChangeTopics.Grants);
        ChangeTriggers.Follow(migrationBuilder, "grant_revocations", ChangeTopics.Grants);
        ChangeTriggers.Follow(migrationBuilder, "honey_tokens", ChangeTopics.Honey);
        ChangeTriggers.Follow(migrationBuilder, "honey_triggers", ChangeTopics.Honey);
        ChangeTriggers.Follow(migrationBuilder, "safety_nodes", ChangeTopics.SafetyNodes);

        // One node, one id, one key: also for two servers that register at once.
        migrationBuilder.Sql("CREATE UNIQUE INDEX \"UX_safety_nodes_key\" ON safety_nodes (tenant, algorithm, public_key)");

        // History is written once. The same refusals that the embedded profile has.
        migrationBuilder.Sql(
            """
            CREATE FUNCTION agentgate_refuse() RETURNS trigger LANGUAGE plpgsql AS $do$
            BEGIN
                RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $do$;
            CREATE TRIGGER policy_history_is_kept BEFORE UPDATE OR DELETE ON policy_history FOR EACH ROW EXECUTE FUNCTION agentgate_refuse();
            """);
    }
}
