using System.CommandLine;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront migration</c>: who still uses what, and who would be refused under other settings, by the inventory or the gateway's own log.
/// </summary>
internal static class MigrationCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command(
            "migration",
            "Show from inventory or log who still uses what, who would be refused under other settings, and tell those who have to move.");
        command.Subcommands.Add(MigrationReportCommand.Create(options, time));
        command.Subcommands.Add(WhatIfCommand.Create(options, time));
        command.Subcommands.Add(AllowListCommand.Create(options, time));
        command.Subcommands.Add(NotifyCommand.Create(options, time));
        command.Subcommands.Add(new InventoryUserCommand(options).CreateExport());
        command.Subcommands.Add(new InventoryUserCommand(options).CreateForget());
        return command;
    }
}
