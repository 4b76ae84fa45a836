using System.CommandLine;
using TlsFront.Configuration.Schema;

namespace TlsFront.Cli;

/// <summary><c>tlsfront schema</c>: the JSON schema of the configuration file, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration file, by which editors complete and check it.");
        command.SetAction(static parsed => parsed.InvocationConfiguration.Output.Write(SettingsJsonSchema.Write()));
        return command;
    }
}
