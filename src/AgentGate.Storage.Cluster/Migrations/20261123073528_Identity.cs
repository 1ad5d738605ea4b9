using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AgentGate.Storage.Cluster.Migrations
{
    /// <inheritdoc />
    public partial class Identity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "owner_id",
                table: "api_keys",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "act_origins",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    origin = table.Column<byte[]>(type: "bytea", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_act_origins", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_deliveries",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    alert_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    channel = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tries = table.Column<long>(type: "bigint", nullable: false),
                    next_at = table.Column<long>(type: "bigint", nullable: false),
                    failure = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    severity = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    category = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    raised_at = table.Column<long>(type: "bigint", nullable: false),
                    repeats = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alerts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    count = table.Column<long>(type: "bigint", nullable: false),
                    window_until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "blocked_addresses",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    address = table.Column<byte[]>(type: "bytea", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    blocked_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    blocked_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_blocked_addresses", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "identity_links",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    issuer = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_seen_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_links", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "one_time_records",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_one_time_records", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "passkeys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    data = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passkeys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pii_permissions",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    permission = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    granted_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    granted_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pii_permissions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings", x => new { x.tenant, x.key });
                });

            migrationBuilder.CreateTable(
                name: "sign_in_sessions",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    secret_digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    assurance = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    methods = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scopes = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    origin = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    authenticated_at = table.Column<long>(type: "bigint", nullable: false),
                    last_active_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    revoked_at = table.Column<long>(type: "bigint", nullable: true),
                    revoked_for = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_in_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "token_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    public_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    private_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    retired_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_token_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "used_refresh_tokens",
                columns: table => new
                {
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    session_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    used_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_used_refresh_tokens", x => x.digest);
                });

            migrationBuilder.CreateTable(
                name: "user_keys",
                columns: table => new
                {
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_keys", x => x.user_id);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email_digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    profile = table.Column<byte[]>(type: "bytea", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    password_hash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    must_change_password = table.Column<bool>(type: "boolean", nullable: false),
                    password_changed_at = table.Column<long>(type: "bigint", nullable: true),
                    totp_secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    totp_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    totp_last_step = table.Column<long>(type: "bigint", nullable: false),
                    backup_codes = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_sign_in_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_tenant_owner_id",
                table: "api_keys",
                columns: new[] { "tenant", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "IX_act_origins_tenant_user_id_at",
                table: "act_origins",
                columns: new[] { "tenant", "user_id", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_alert_deliveries_state_next_at",
                table: "alert_deliveries",
                columns: new[] { "state", "next_at" });

            migrationBuilder.CreateIndex(
                name: "IX_alert_deliveries_tenant_alert_id",
                table: "alert_deliveries",
                columns: new[] { "tenant", "alert_id" });

            migrationBuilder.CreateIndex(
                name: "IX_alerts_tenant_fingerprint",
                table: "alerts",
                columns: new[] { "tenant", "fingerprint" });

            migrationBuilder.CreateIndex(
                name: "IX_alerts_tenant_raised_at",
                table: "alerts",
                columns: new[] { "tenant", "raised_at" });

            migrationBuilder.CreateIndex(
                name: "IX_attempts_window_until",
                table: "attempts",
                column: "window_until");

            migrationBuilder.CreateIndex(
                name: "IX_blocked_addresses_tenant_expires_at",
                table: "blocked_addresses",
                columns: new[] { "tenant", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "IX_identity_links_tenant_user_id",
                table: "identity_links",
                columns: new[] { "tenant", "user_id" });

            migrationBuilder.CreateIndex(
                name: "IX_one_time_records_expires_at",
                table: "one_time_records",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_one_time_records_tenant_kind",
                table: "one_time_records",
                columns: new[] { "tenant", "kind" });

            migrationBuilder.CreateIndex(
                name: "IX_passkeys_tenant_user_id",
                table: "passkeys",
                columns: new[] { "tenant", "user_id" });

            migrationBuilder.CreateIndex(
                name: "IX_pii_permissions_tenant_user_id_permission",
                table: "pii_permissions",
                columns: new[] { "tenant", "user_id", "permission" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_sessions_secret_digest",
                table: "sign_in_sessions",
                column: "secret_digest",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_sessions_tenant_user_id_created_at",
                table: "sign_in_sessions",
                columns: new[] { "tenant", "user_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_token_keys_created_at",
                table: "token_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_used_refresh_tokens_expires_at",
                table: "used_refresh_tokens",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_used_refresh_tokens_session_id",
                table: "used_refresh_tokens",
                column: "session_id");

            migrationBuilder.CreateIndex(
                name: "IX_user_keys_tenant",
                table: "user_keys",
                column: "tenant");

            migrationBuilder.CreateIndex(
                name: "IX_users_email_digest",
                table: "users",
                column: "email_digest",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_users_tenant_role",
                table: "users",
                columns: new[] { "tenant", "role" });

            // Who signs in changes nothing that a server holds; who is signed out, demoted or disabled does.
            ChangeTriggers.FollowUpdates(migrationBuilder, "users", ChangeTopics.Identity, "role", "is_active", "password_hash", "must_change_password", "totp_enabled");
            ChangeTriggers.FollowUpdates(migrationBuilder, "sign_in_sessions", ChangeTopics.Identity, "revoked_at", "assurance", "authenticated_at");
            ChangeTriggers.Follow(migrationBuilder, "pii_permissions", ChangeTopics.Identity);
            ChangeTriggers.Follow(migrationBuilder, "token_keys", ChangeTopics.TokenKeys);
            ChangeTriggers.Follow(migrationBuilder, "settings", ChangeTopics.Settings);
            ChangeTriggers.Follow(migrationBuilder, "blocked_addresses", ChangeTopics.BlockedAddresses);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "act_origins");

            migrationBuilder.DropTable(
                name: "alert_deliveries");

            migrationBuilder.DropTable(
                name: "alerts");

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "blocked_addresses");

            migrationBuilder.DropTable(
                name: "identity_links");

            migrationBuilder.DropTable(
                name: "one_time_records");

            migrationBuilder.DropTable(
                name: "passkeys");

            migrationBuilder.DropTable(
                name: "pii_permissions");

            migrationBuilder.DropTable(
                name: "settings");

            migrationBuilder.DropTable(
                name: "sign_in_sessions");

            migrationBuilder.DropTable(
                name: "token_keys");

            migrationBuilder.DropTable(
                name: "used_refresh_tokens");

            migrationBuilder.DropTable(
                name: "user_keys");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropIndex(
                name: "IX_api_keys_tenant_owner_id",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "owner_id",
                table: "api_keys");
        }
    }
}
