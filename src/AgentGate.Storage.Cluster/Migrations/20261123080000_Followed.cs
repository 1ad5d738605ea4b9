using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>
/// What else servers hold of people, so that each hears of it from the others: a first passkey makes a second factor that dangerous acts
/// demand from then on, and an address is shown.
/// </summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123080000_Followed")]
internal sealed class Followed : Migration
{
    private const string Drop = "DROP TRIGGER users_update_is_followed ON users";

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // A use raises the counter of a passkey and changes nothing that anybody holds.
        ChangeTriggers.Follow(migrationBuilder, "passkeys", ChangeTopics.Identity, "user_id");
        migrationBuilder.Sql(Drop);
        ChangeTriggers.FollowUpdates(
            migrationBuilder, "users", ChangeTopics.Identity, "role", "is_active", "password_hash", "must_change_password", "totp_enabled", "email_digest");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var change in (string[])["insert", "delete", "update"])
        {
            migrationBuilder.Sql($"DROP TRIGGER passkeys_{change}_is_followed ON passkeys");
        }

        migrationBuilder.Sql(Drop);
        ChangeTriggers.FollowUpdates(migrationBuilder, "users", ChangeTopics.Identity, "role", "is_active", "password_hash", "must_change_password", "totp_enabled");
    }
}
