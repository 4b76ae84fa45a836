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
    /// <param name="programs">What its programs call themselves.</param>
    /// <param name="onlySends">Whether it is known that all of them were to submit mail.</param>
    /// <param name="reads">Whether any of them was to read mail.</param>
    /// <param name="networks">From how many networks.</param>
    /// <param name="logins">How many.</param>
    public static KindHint Of(IEnumerable<string> programs, bool onlySends, bool reads, int networks, long logins)
    {
        string? person = null;
        foreach (var program in programs)
        {
            if (ProgramNames.IsOfDevice(program))
            {
                return new(ClientKind.Machine, onlySends ? $"submission only, program {program}" : $"program {program}");
            }

            person ??= ProgramNames.IsOfMailProgram(program) ? program : null;
        }

        return person is not null ? new(ClientKind.Person, $"program {person}")
            : reads ? new(ClientKind.Person, "reads mail")
            : onlySends && networks == 1 && logins >= Many ? new(ClientKind.Machine, "submission only, from one network")
            : default;
    }
}
