using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Budgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Small rows under composite keys that come and go with every call: without row ids each is one tree, not two.
            migrationBuilder.Sql(
                """
                CREATE TABLE "budget_open" (
                    "tenant" TEXT NOT NULL, "call_id" TEXT NOT NULL, "rule" TEXT NOT NULL, "subject" TEXT NOT NULL,
                    "window_start" INTEGER NOT NULL, "nano_usd" INTEGER NOT NULL,
                    CONSTRAINT "PK_budget_open" PRIMARY KEY ("tenant", "call_id", "rule")
                ) WITHOUT ROWID;
                """);
            migrationBuilder.Sql(
                """
                CREATE TABLE "budget_spent" (
                    "tenant" TEXT NOT NULL, "rule" TEXT NOT NULL, "subject" TEXT NOT NULL,
                    "window_start" INTEGER NOT NULL, "nano_usd" INTEGER NOT NULL,
                    CONSTRAINT "PK_budget_spent" PRIMARY KEY ("tenant", "rule", "subject", "window_start")
                ) WITHOUT ROWID;
                """);
            migrationBuilder.Sql(
                """
                CREATE TABLE "log_open_intents_next" (
                    "tenant" TEXT NOT NULL, "call_id" TEXT NOT NULL, "seq" INTEGER NOT NULL,
                    CONSTRAINT "PK_log_open_intents" PRIMARY KEY ("tenant", "call_id")
                ) WITHOUT ROWID;
                """);
            migrationBuilder.Sql("INSERT INTO log_open_intents_next SELECT tenant, call_id, seq FROM log_open_intents;");
            migrationBuilder.Sql("DROP TABLE log_open_intents;");
            migrationBuilder.Sql("ALTER TABLE log_open_intents_next RENAME TO log_open_intents;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budget_open");

            migrationBuilder.DropTable(
                name: "budget_spent");
        }
    }
}
