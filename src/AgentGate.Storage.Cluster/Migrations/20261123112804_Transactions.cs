using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Cluster.Migrations
{
    /// <inheritdoc />
    public partial class Transactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "transaction_steps",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    transaction_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    root_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    principal = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    delegation = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    tool = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    compensation = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ending = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    compensation_call_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    tries = table.Column<long>(type: "bigint", nullable: false),
                    begun_at = table.Column<long>(type: "bigint", nullable: false),
                    input = table.Column<byte[]>(type: "bytea", nullable: true),
                    output = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transaction_steps", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "transactions",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    root_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    parent_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    principal = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    begun_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    lease_owner = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    lease_until = table.Column<long>(type: "bigint", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    content_key = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transactions", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_transaction_steps_root_id_seq",
                table: "transaction_steps",
                columns: new[] { "root_id", "seq" });

            migrationBuilder.CreateIndex(
                name: "IX_transaction_steps_transaction_id",
                table: "transaction_steps",
                column: "transaction_id");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_ended_at",
                table: "transactions",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_lease_until",
                table: "transactions",
                column: "lease_until");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_root_id",
                table: "transactions",
                column: "root_id");

            migrationBuilder.CreateIndex(
                name: "IX_transactions_tenant_begun_at",
                table: "transactions",
                columns: new[] { "tenant", "begun_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "transaction_steps");

            migrationBuilder.DropTable(
                name: "transactions");
        }
    }
}
