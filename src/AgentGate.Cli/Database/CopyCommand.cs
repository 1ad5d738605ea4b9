using System.CommandLine;
using System.Globalization;
using AgentGate.Storage.Cluster.Copying;

namespace AgentGate.Cli.Database;

/// <summary><c>db copy</c>: moves an embedded server's file into an empty database, log included, and verifies it there.</summary>
internal static class CopyCommand
{
    public static Command Create(Terminal terminal)
    {
        var from = new Option<string>("--from") { Description = "The file agentgate.db of a stopped server, or its state directory.", Required = true };
        var to = new Option<string?>("--to") { Description = $"An empty database: postgresql://user:password@host:5432/database. Default: {DatabaseCommand.UrlName}." };
        var owner = new Option<string?>("--owner") { Description = $"The login that owns the tables, where that is another. Default, without --to: {DatabaseCommand.OwnerName}." };
        var withoutKeys = new Option<bool>("--without-keys") { Description = "Copy also where the keys of the log are not beside the file: chain and signatures go unchecked then." };
        var command = new Command(
            "copy",
            "Copy every table of an embedded server's file into an empty PostgreSQL database, the log byte for byte, in one transaction. It is kept only when every "
            + "row compares equal and every log, tree, checkpoint and certificate verifies with the keys beside the file. The file is not changed.")
        {
            from, to, owner, withoutKeys,
        };
        command.SetAction(line => DatabaseCommand.Run(async () =>
        {
            using var source = SourceFile.Open(line.GetValue(from)!);
            var material = source.Material(line.GetValue(withoutKeys), Environment.GetEnvironmentVariable);
            await using var database = DatabaseCommand.Open(line.GetValue(to), line.GetValue(owner), "--to", Environment.GetEnvironmentVariable);
            var report = await new DatabaseCopy(source.Path, database, material, terminal.Error.WriteLine).RunAsync(CancellationToken.None);
            Print(terminal.Out, report, source, database.Name, isChecked: material is { ChainKeys: not null, KnowsNoteKeys: true });
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Print(TextWriter output, CopyReport report, SourceFile source, string target, bool isChecked)
    {
        foreach (var (table, rows) in report.Rows.Where(table => table.Rows > 0))
        {
            Say($"{table,-20} {rows,12:N0} rows");
        }

        Say($"copied      {report.Total:N0} rows of {report.Rows.Count} tables in {report.Copied.TotalSeconds:N1} s ({report.Total / Math.Max(0.001, report.Copied.TotalSeconds):N0} rows/s)");
        Say($"compared    every row with the file in {report.Compared.TotalSeconds:N1} s: equal");
        Say($"verified    {report.Logs.Logs} logs, {report.Logs.Entries:N0} entries in {report.Verified.TotalSeconds:N1} s: {(isChecked ? "whole" : "nothing found; chain or signatures were NOT checked (--without-keys)")}");
        foreach (var note in report.Logs.Notes)
        {
            Say($"note        {note}");
        }

        Say($"The servers of {target} need the keys of {source.State}: {string.Join(", ", source.KeyFiles)}.");
        Say($"Put them into the directory that AGENTGATE_STATE_DIR names on each server, or their values into the environment, and keep the file as a backup.");

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
