using System.Text.Json;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>What there is to tell a user who has to move.</summary>
/// <param name="User">The user, as the client gave the name, in lower case.</param>
/// <param name="Uses">What is to be left: cleartext, a version of TLS, weak-cipher, or starttls.</param>
/// <param name="WhatToDo">What to do, for the user.</param>
/// <param name="Offers">What the clients offer that use old TLS or weak cipher suites.</param>
/// <param name="Networks">Networks that the logins came from, the most frequent first.</param>
/// <param name="Programs">What the programs call themselves, the most frequent first. Anybody can call itself anything.</param>
/// <param name="Listeners">Listeners.</param>
/// <param name="Kind">person, machine or unknown: a hint.</param>
/// <param name="Logins">Logins that were accepted.</param>
/// <param name="Refused">Logins that a policy refused.</param>
/// <param name="Exposed">Connections on which the password crossed the network in clear.</param>
/// <param name="LastSeen">When the user last came by what is to be left.</param>
/// <param name="Told">How many times the user was told before.</param>
/// <param name="LastTold">When last; null if never.</param>
internal sealed record Notice(
    string User, string Uses, string WhatToDo, IEnumerable<string> Offers, IEnumerable<string> Networks, IEnumerable<string> Programs,
    IEnumerable<string> Listeners, ClientKind Kind, long Logins, long Refused, long Exposed, DateTimeOffset LastSeen, long Told,
    DateTimeOffset? LastTold)
{
    /// <summary>The notice of a row of the report, to a user who was told so often before.</summary>
    public static Notice Of(Usage row, DateTimeOffset? lastTold, long times) => new(
        row.Name, MailMerge.UsesOf(row), MailMerge.WhatToDo(row), row.Offers, row.Networks, row.Programs, row.Listeners, row.Kind, row.Logins,
        row.Refused, row.Exposed, row.LastToMove, times, lastTold);

    /// <summary>The notice as JSON in one line.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, NoticeJson.Default.Notice);
}
