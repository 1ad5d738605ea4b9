using System.CommandLine;
using AgentGate.Storage.Cluster;

namespace AgentGate.Cli.Database;

/// <summary><c>db migrate</c>: brings a database to this program's version, as its owner.</summary>
internal static class MigrateCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = new Option<string?>("--database") { Description = $"The servers' login: postgresql://user:password@host:5432/database. Default: {DatabaseCommand.UrlName}." };
        var owner = new Option<string?>("--owner") { Description = $"The login that owns the tables, where that is another. Default, without --database: {DatabaseCommand.OwnerName}." };
        var command = new Command(
            "migrate",
            "Make or migrate the tables, the two roles servers work under and their rights. Again, it does nothing. Servers that do it themselves need it not; "
            + "with AgentGate:Database:MigrateOnStart=false it is needed before they start.")
        {
            url, owner,
        };
        command.SetAction(line => DatabaseCommand.Run(async () =>
        {
            await using var database = DatabaseCommand.Open(line.GetValue(url), line.GetValue(owner), "--database", Environment.GetEnvironmentVariable);
            var applied = await new PostgresStorageInitializer(database).MigrateAsync(CancellationToken.None);
            foreach (var migration in applied)
            {
                terminal.Out.WriteLine($"applied {migration}");
            }

            terminal.Out.WriteLine($"{database.Name}: {(applied.Count == 0 ? "nothing to migrate" : $"{applied.Count} migrations applied")}; roles and rights are in place.");
            return ExitCode.Ok;
        }));
        return command;
    }
}
