using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Policies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "policy_history",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    @event = table.Column<string>(name: "event", type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    text_hash = table.Column<string>(type: "TEXT", nullable: true),
                    by = table.Column<string>(type: "TEXT", nullable: false),
                    call_id = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_history", x => new { x.tenant, x.seq });
                });

            migrationBuilder.CreateTable(
                name: "policy_versions",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    revision = table.Column<int>(type: "INTEGER", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    text_hash = table.Column<string>(type: "TEXT", nullable: false),
                    set_hash = table.Column<string>(type: "TEXT", nullable: true),
                    errors = table.Column<int>(type: "INTEGER", nullable: false),
                    warnings = table.Column<int>(type: "INTEGER", nullable: false),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    author = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    activated_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_versions", x => new { x.tenant, x.number });
                    table.CheckConstraint("CK_policy_versions_status", "status IN ('draft', 'shadow', 'active', 'retired')");
                });

            migrationBuilder.CreateIndex(
                name: "UX_policy_versions_active",
                table: "policy_versions",
                column: "tenant",
                unique: true,
                filter: "status = 'active'");

            migrationBuilder.CreateIndex(
                name: "UX_policy_versions_shadow",
                table: "policy_versions",
                column: "tenant",
                unique: true,
                filter: "status = 'shadow'");

            // History is added to and never changed: the database refuses, whoever writes.
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "policy_history_no_update" BEFORE UPDATE ON "policy_history"
                BEGIN SELECT RAISE(ABORT, 'history is never changed'); END;
                """);
            migrationBuilder.Sql(
                """
                CREATE TRIGGER "policy_history_no_delete" BEFORE DELETE ON "policy_history"
                BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "policy_history");

            migrationBuilder.DropTable(
                name: "policy_versions");
        }
    }
}
