using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Certificates : Migration
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "evidence");

            migrationBuilder.DropTable(
                name: "knowledge");

            migrationBuilder.DropTable(
                name: "policy_sets");

            migrationBuilder.DropTable(
                name: "subject_keys");
        }
    }
}
