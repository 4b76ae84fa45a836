namespace TlsFront.Routing;

/// <summary>What operators decided about one user, as the API shows it.</summary>
/// <param name="User">Name of the user, in lower case.</param>
/// <param name="HeldUntil">When the hold on the user's logins ends by itself; null if there is none.</param>
/// <param name="Waiting">Logins that wait for the end of the hold; after its release, those that go on.</param>
/// <param name="Moves">Where the user's sessions go, one for each protocol at most.</param>
internal sealed record UserOverride(string User, DateTimeOffset? HeldUntil, int Waiting, IReadOnlyList<UserMove> Moves);
