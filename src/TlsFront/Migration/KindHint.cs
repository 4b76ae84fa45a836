using TlsFront.Telemetry.Access;

namespace TlsFront.Migration;

/// <summary>Who seems to use a login, and by which evidence.</summary>
/// <param name="Kind">Person or machine.</param>
/// <param name="Evidence">Why, in words; empty if nothing tells.</param>
internal readonly record struct KindHint(ClientKind Kind, string Evidence)
{
    /// <summary>Logins from which on it tells something that they all came from one network.</summary>
    private const int Many = 10;

    /// <summary>The hint as a sentence; empty if there is none.</summary>
    public string Words => Kind == ClientKind.Unknown ? "" : $"looks like a {(Kind == ClientKind.Machine ? "machine" : "person")}: {Evidence}";

    /// <summary>What the logins of a user suggest, or those of any other row of a report.</summary>
    /// <param name="programs">What its programs call themselves, and in how many of the logins.</param>
    /// <param name="logins">How many logins; a program's name counts if the most of them have such a one.</param>
    /// <param name="onlySends">Whether it is known that all of them were to submit mail.</param>
    /// <param name="reads">Whether any of them was to read mail.</param>
    /// <param name="networks">From how many networks.</param>
    public static KindHint Of(IReadOnlyList<(string Name, long Count)> programs, long logins, bool onlySends, bool reads, int networks) =>
        Most(programs, ProgramNames.IsOfDevice, logins) is { } device
            ? new(ClientKind.Machine, onlySends ? $"submission only, program {device}" : $"program {device}")
        : Most(programs, ProgramNames.IsOfMailProgram, logins) is { } mailProgram ? new(ClientKind.Person, $"program {mailProgram}")
        : reads ? new(ClientKind.Person, "reads mail")
        : onlySends && networks == 1 && logins >= Many ? new(ClientKind.Machine, "submission only, from one network")
        : default;

    /// <summary>The most frequent of the programs of a kind, fit for a sentence, if the most logins are of the kind.</summary>
    private static string? Most(IReadOnlyList<(string Name, long Count)> programs, Func<string, bool> isOfKind, long logins)
    {
        ((string Name, long Count) most, var sum) = (("", 0L), 0L);
        foreach (var program in programs)
        {
            if (isOfKind(program.Name))
            {
                sum += program.Count;
                most = program.Count > most.Count ? program : most;
            }
        }

        return sum * 2 > logins ? AccessLogText.Words(most.Name) : null;
    }
}
