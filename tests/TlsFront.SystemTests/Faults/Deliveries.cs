namespace TlsFront.SystemTests.Faults;

/// <summary>What became of the messages of a run.</summary>
/// <param name="Acknowledged">Clients were told 250.</param>
/// <param name="Missing">Of those, not in their mailbox.</param>
/// <param name="Unconfirmed">In the mailbox although the client did not hear of it: the server died between its decision and its reply.</param>
/// <param name="HandedInTwice">In the mailbox from more than one submission.</param>
/// <param name="DeliveredTwice">In the mailbox more than once from one place in one queue:
/// the server died between delivery and the end of its queue entry.</param>
internal sealed record Deliveries(int Acknowledged, int Missing, int Unconfirmed, int HandedInTwice, int DeliveredTwice);
