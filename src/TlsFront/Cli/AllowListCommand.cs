using System.CommandLine;
using TlsFront.Configuration.Schema;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary><c>tlsfront migration allow-list</c>: who needs an exemption until a second date.</summary>
internal static class AllowListCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command(
            "allow-list",
            "Write the users who do not log in by implicit TLS 1.2 or later with a strong cipher suite yet, one a line, for the users of a policy "
            + "that exempts them.");
        var selection = new LoginSelection(options, time);
        selection.AddTo(command);
        selection.AddConditionsTo(command);
        command.SetAction(parsed => selection.Read(parsed, selection.Since(parsed), logins => Write(parsed, selection, logins)));
        return command;
    }

    private static int Write(ParseResult parsed, LoginSelection selection, IEnumerable<ObservedLogin> logins)
    {
        var filter = selection.Filter(parsed);
        var names = logins
            .Where(login => login is { IsAccepted: true, User: not null } && Urgencies.Of(login) > Urgency.None && filter.Matches(login))
            .Select(static login => login.User!)
            .ToHashSet(StringComparer.Ordinal);
        var error = parsed.InvocationConfiguration.Error;
        if (names.Count == 0)
        {
            error.WriteLine(LoginSelection.NoLogins);
            return ExitCode.Failure;
        }

        // Users choose their names: none may stand for others in the file.
        var type = new UserPatternType();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (!name.AsSpan().ContainsAny('*', '#', '/')
                && !name.StartsWith(UserNames.Prefix, StringComparison.Ordinal)
                && type.TryParse(name, out _, out _))
            {
                parsed.InvocationConfiguration.Output.WriteLine(name);
            }
            else
            {
                error.WriteLine($"left out, as a list cannot have it: {name}");
            }
        }

        return ExitCode.Success;
    }
}
