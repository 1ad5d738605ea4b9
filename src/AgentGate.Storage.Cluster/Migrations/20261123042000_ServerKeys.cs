using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster.Migrations;

/// <summary>The ids of the keys that the servers of this database share: a server with others is noticed before it writes.</summary>
[DbContext(typeof(AgentGateDbContext))]
[Migration("20261123042000_ServerKeys")]
internal sealed class ServerKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
        => migrationBuilder.Sql("""CREATE TABLE server_keys (role text COLLATE "C" PRIMARY KEY, key_id text COLLATE "C" NOT NULL)""");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE server_keys");
}
