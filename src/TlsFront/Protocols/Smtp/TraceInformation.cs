namespace TlsFront.Protocols.Smtp;

/// <summary>What the session knows for <see cref="ReceivedHeader"/>, beside the facts of the connection.</summary>
/// <param name="HelloName">Checked argument of EHLO or HELO.</param>
/// <param name="IsExtended">Whether it was EHLO.</param>
/// <param name="IsInternationalized">Whether the transaction is under SMTPUTF8.</param>
/// <param name="IsAuthenticated">Whether a 235 was relayed.</param>
/// <param name="MessageNumber">Counts the messages of the connection from 1.</param>
/// <param name="Recipient">Mailbox for the <c>for</c> clause, or null.</param>
/// <param name="NamesGroup">Whether the key exchange group is named, if it is known.</param>
/// <param name="HidesClient">Whether the client's address and name are left out.</param>
internal readonly record struct TraceInformation(
    string HelloName,
    bool IsExtended,
    bool IsInternationalized,
    bool IsAuthenticated,
    int MessageNumber,
    string? Recipient,
    bool NamesGroup = false,
    bool HidesClient = false);
