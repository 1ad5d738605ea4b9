using System.CommandLine;
using System.Data.Common;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AgentGate.Cli.Audit;

/// <summary><c>log fsck</c>: checks every log of a state directory or a database file and names the first broken place of each.</summary>
internal static class FsckCommand
{
    public static Command Create(Terminal terminal)
    {
        var state = new Option<string?>("--state") { Description = "The state directory: database, keys and checkpoints are taken from it." };
        var database = new Option<string?>("--database") { Description = "A database file, or the postgresql:// URL of a cluster (a login that may work under its roles)." };
        var checkpoint = new Option<string[]>("--checkpoint") { Description = "A signed checkpoint the log must contain, for example one kept elsewhere." };
        var originKey = new Option<string[]>("--origin-key") { Description = "The key of checkpoints, as a C2SP verifier key." };
        var keys = new Option<string?>("--keys") { Description = "The server's public keys: a file of /.well-known/agentgate/keys.json." };
        var chainKey = new Option<string?>("--chain-key") { Description = "The file of the chain keys, log.key." };
        var command = new Command("fsck", "Check numbering, form, chain, tree, checkpoints, rotations and certificates of every log.")
        {
            state, database, checkpoint, originKey, keys, chainKey,
        };
        command.SetAction(line =>
        {
            var source = new FsckSource(
                line.GetValue(state), line.GetValue(database), line.GetValue(checkpoint) ?? [], line.GetValue(originKey) ?? [], line.GetValue(keys), line.GetValue(chainKey));
            return Run(source, terminal);
        });
        return command;
    }

    private static DbConnection Open(string database)
    {
        if (!FsckSource.IsUrl(database))
        {
            return LogFsck.Open(database);
        }

        // Under the role that sees every tenant's rows.
        var url = new NpgsqlConnectionStringBuilder(PostgresUrl.Read("--database", database).ConnectionString)
        {
            Options = $"-c role={PostgresDatabase.SystemRole}",
            Pooling = false,
        };
        var connection = new NpgsqlConnection(url.ConnectionString);
        connection.Open();
        return connection;
    }

    private static int Run(FsckSource source, Terminal terminal)
    {
        try
        {
            using var connection = Open(source.Database());
            var report = new LogFsck(connection, source.Read(progress => terminal.Error.WriteLine(progress))).Run();
            foreach (var note in report.Notes)
            {
                terminal.Error.WriteLine($"note: {note}");
            }

            foreach (var finding in report.Findings)
            {
                terminal.Out.WriteLine($"BROKEN {finding}");
            }

            terminal.Out.WriteLine($"{report.Logs} logs, {report.Entries} entries checked: {(report.Findings.Count == 0 ? "whole" : $"{report.Findings.Count} broken")}.");
            return report.Findings.Count == 0 ? ExitCode.Ok : ExitCode.Finding;
        }
        catch (SqliteException refused)
        {
            // A file damaged so that SQLite cannot read it is a finding about a log; one that was never a database is not.
            if (refused.SqliteErrorCode == 11)
            {
                terminal.Out.WriteLine($"BROKEN the database is damaged: {refused.Message}");
                return ExitCode.Finding;
            }

            throw new UnusableInputException($"{source.Database()} cannot be read as a database of logs: {refused.Message}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidOperationException or NpgsqlException or KeyFormatException or NoteFormatException)
        {
            throw new UnusableInputException(refused.Message);
        }
    }
}
