using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Proofs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "certificates",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    decision_id = table.Column<string>(type: "TEXT", nullable: false),
                    call_id = table.Column<string>(type: "TEXT", nullable: false),
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    result = table.Column<string>(type: "TEXT", nullable: false),
                    decision = table.Column<string>(type: "TEXT", nullable: false),
                    alpha_hash = table.Column<string>(type: "TEXT", nullable: true),
                    gamma_hash = table.Column<string>(type: "TEXT", nullable: true),
                    theorem_hash = table.Column<string>(type: "TEXT", nullable: false),
                    principal = table.Column<string>(type: "TEXT", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    seal = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificates", x => new { x.tenant, x.decision_id });
                });

            migrationBuilder.CreateTable(
                name: "evidence",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    decision_id = table.Column<string>(type: "TEXT", nullable: false),
                    principal = table.Column<string>(type: "TEXT", nullable: false),
                    key_id = table.Column<string>(type: "TEXT", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evidence", x => new { x.tenant, x.decision_id });
                });

            migrationBuilder.CreateTable(
                name: "grant_revocations",
                columns: table => new
                {
                    grant_id = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    revoked_by = table.Column<string>(type: "TEXT", nullable: false),
                    call_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grant_revocations", x => x.grant_id);
                });

            migrationBuilder.CreateTable(
                name: "grants",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    signed = table.Column<byte[]>(type: "BLOB", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    issued_by = table.Column<string>(type: "TEXT", nullable: false),
                    call_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grants", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "honey_tokens",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    description = table.Column<string>(type: "TEXT", nullable: false),
                    resource_pattern = table.Column<string>(type: "TEXT", nullable: true),
                    sealed_value = table.Column<byte[]>(type: "BLOB", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_honey_tokens", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "honey_triggers",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    token_id = table.Column<string>(type: "TEXT", nullable: false),
                    token_type = table.Column<string>(type: "TEXT", nullable: false),
                    principal = table.Column<string>(type: "TEXT", nullable: false),
                    call_id = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    severity = table.Column<int>(type: "INTEGER", nullable: false),
                    cleared_at = table.Column<long>(type: "INTEGER", nullable: true),
                    cleared_by = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_honey_triggers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "knowledge",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    gamma_hash = table.Column<string>(type: "TEXT", nullable: false),
                    gamma = table.Column<byte[]>(type: "BLOB", nullable: false),
                    settings = table.Column<byte[]>(type: "BLOB", nullable: false),
                    policy_set_hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_knowledge", x => new { x.tenant, x.gamma_hash });
                });

            migrationBuilder.CreateTable(
                name: "log_tiles",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    level = table.Column<int>(type: "INTEGER", nullable: false),
                    idx = table.Column<long>(type: "INTEGER", nullable: false),
                    hashes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_log_tiles", x => new { x.tenant, x.level, x.idx });
                });

            migrationBuilder.CreateTable(
                name: "policy_sets",
                columns: table => new
                {
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    policies = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_sets", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "safety_nodes",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    node_id = table.Column<string>(type: "TEXT", nullable: false),
                    url = table.Column<string>(type: "TEXT", nullable: false),
                    algorithm = table.Column<int>(type: "INTEGER", nullable: false),
                    public_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    registered_at = table.Column<long>(type: "INTEGER", nullable: false),
                    registered_by = table.Column<string>(type: "TEXT", nullable: false),
                    removed = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_safety_nodes", x => new { x.tenant, x.node_id });
                });

            migrationBuilder.CreateTable(
                name: "subject_keys",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    principal = table.Column<string>(type: "TEXT", nullable: false),
                    key_id = table.Column<string>(type: "TEXT", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subject_keys", x => new { x.tenant, x.principal });
                });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_tenant_alpha_hash",
                table: "certificates",
                columns: new[] { "tenant", "alpha_hash" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_tenant_created_at",
                table: "certificates",
                columns: new[] { "tenant", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_grant_revocations_tenant",
                table: "grant_revocations",
                column: "tenant");

            migrationBuilder.CreateIndex(
                name: "IX_grants_tenant_expires_at",
                table: "grants",
                columns: new[] { "tenant", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "IX_honey_tokens_tenant",
                table: "honey_tokens",
                column: "tenant");

            migrationBuilder.CreateIndex(
                name: "IX_honey_triggers_tenant_at",
                table: "honey_triggers",
                columns: new[] { "tenant", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_honey_triggers_tenant_principal",
                table: "honey_triggers",
                columns: new[] { "tenant", "principal" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "evidence");

            migrationBuilder.DropTable(
                name: "grant_revocations");

            migrationBuilder.DropTable(
                name: "grants");

            migrationBuilder.DropTable(
                name: "honey_tokens");

            migrationBuilder.DropTable(
                name: "honey_triggers");

            migrationBuilder.DropTable(
                name: "knowledge");

            migrationBuilder.DropTable(
                name: "log_tiles");

            migrationBuilder.DropTable(
                name: "policy_sets");

            migrationBuilder.DropTable(
                name: "safety_nodes");

            migrationBuilder.DropTable(
                name: "subject_keys");
        }
    }
}
