using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace TlsFront.Cli;

/// <summary><c>tlsfront migration export</c> and <c>forget</c>: what the inventory keeps of one user, for those who ask, or want it gone.</summary>
internal sealed class InventoryUserCommand(ConfigurationOptions options)
{
    private readonly Argument<string> _user = new("USER") { Description = "The user's name, as in the log" };

    /// <summary>The command that writes it.</summary>
    public Command CreateExport() => Create(
        "export", "Write all that the inventory keeps of a user, one JSON object a line.", Export);

    /// <summary>The command that deletes it.</summary>
    public Command CreateForget() => Create(
        "forget", "Delete all that the inventory keeps of a user. Logs are not touched, nor logins that a gateway is yet to write.", Forget);

    private Command Create(string name, string description, Func<ParseResult, ConfiguredInventory, int> run)
    {
        var command = new Command(name, description);
        options.AddTo(command);
        command.Arguments.Add(_user);
        command.SetAction(parsed =>
        {
            if (!ConfiguredInventory.TryOpen(options, parsed, out var inventory))
            {
                return ExitCode.Failure;
            }

            using (inventory)
            {
                return inventory.Read(parsed, () => run(parsed, inventory));
            }
        });
        return command;
    }

    private int Export(ParseResult parsed, ConfiguredInventory inventory)
    {
        using var line = new MemoryStream();
        using var json = new Utf8JsonWriter(line);
        foreach (var row in inventory.Reader.RowsOf(inventory.Names.AllOf(parsed.GetRequiredValue(_user))))
        {
            row.WriteTo(json);
            json.Flush();
            parsed.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)));
            line.SetLength(0);
            json.Reset();
        }

        return ExitCode.Success;
    }

    private int Forget(ParseResult parsed, ConfiguredInventory inventory)
    {
        if (inventory.Logins.Forget(parsed.GetRequiredValue(_user), out var rows) is { } failure)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"inventory: {failure.Words}; {Amount.Of(rows, "row")} deleted before that");
            return ExitCode.Failure;
        }

        parsed.InvocationConfiguration.Output.WriteLine($"{Amount.Of(rows, "row")} deleted");
        return ExitCode.Success;
    }
}
