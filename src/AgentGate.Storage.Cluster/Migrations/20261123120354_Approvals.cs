using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Cluster.Migrations
{
    /// <inheritdoc />
    public partial class Approvals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "approvals",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    live_digest = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    status = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    principal = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    is_recorded = table.Column<bool>(type: "boolean", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_approvals", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_expires_at",
                table: "approvals",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_tenant_created_at",
                table: "approvals",
                columns: new[] { "tenant", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_tenant_live_digest",
                table: "approvals",
                columns: new[] { "tenant", "live_digest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_approvals_tenant_principal_status",
                table: "approvals",
                columns: new[] { "tenant", "principal", "status" });

            // Who waits in another process looks again. A new approval is waited for by nobody yet.
            ChangeTriggers.FollowUpdates(migrationBuilder, "approvals", ChangeTopics.Approvals, "version");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "approvals");
        }
    }
}
