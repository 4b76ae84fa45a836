using System.CommandLine;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;

namespace TlsFront.Cli;

/// <summary>Options that take a moment, or so many days ago.</summary>
internal static class MomentOption
{
    private const int MostDays = 36500;

    /// <summary>One that takes a moment or a number of days.</summary>
    public static Option<string?> Create(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME|14d" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !TryParse(token.Value, DateTimeOffset.UnixEpoch.AddYears(200), out _))
            {
                result.AddError($"{name} needs a time such as 2027-03-31T00:00Z, or a number of days such as 14d, and not '{token.Value}'.");
            }
        });
        return option;
    }

    /// <summary>One that takes a moment, be it one to come.</summary>
    public static Option<string?> CreateInstant(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ParseInstant(token.Value, out _) is { } problem)
            {
                result.AddError($"{name} {token.Value} {problem.Message}; {problem.Remedy}.");
            }
        });
        return option;
    }

    /// <summary>The moment of a text that was validated; null for none.</summary>
    public static DateTimeOffset? Of(string? text, DateTimeOffset now) => text is not null && TryParse(text, now, out var moment) ? moment : null;

    private static ValueProblem? ParseInstant(string text, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length == 0 ? new("is empty", "write a time such as 2027-03-31T00:00Z")
            : new InstantType().TryParse(text, out moment, out var problem) ? null : problem;
    }

    private static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (ParseInstant(text, out moment) is null)
        {
            return true;
        }

        if (text is not [.. var number, 'd']
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > MostDays)
        {
            return false;
        }

        moment = now.AddDays(-days);
        return true;
    }
}
