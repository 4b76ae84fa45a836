using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>How far the migration was in the last day, the day a week before it, and that a month before it.</summary>
/// <param name="now">The end of the last day.</param>
/// <param name="mostUsers">Most users of a day that are told apart; with more, nothing is known of them.</param>
internal sealed class Progress(DateTimeOffset now, int mostUsers = int.MaxValue)
{
    private static readonly TimeSpan[] Ago = [TimeSpan.Zero, TimeSpan.FromDays(7), TimeSpan.FromDays(30)];

    /// <summary>The days.</summary>
    public IReadOnlyList<(string Name, Adoption Adoption)> Days { get; } =
        [("day", new(mostUsers)), ("week", new(mostUsers)), ("month", new(mostUsers))];

    /// <summary>The first moment of them all, of that of a month ago.</summary>
    public static DateTimeOffset Begin(DateTimeOffset now) => now - Ago[^1] - TimeSpan.FromDays(1);

    /// <summary>Adds a login, or several of a kind.</summary>
    public void Add(ObservedLogin login)
    {
        for (var i = 0; i < Ago.Length; i++)
        {
            if (login.First < now - Ago[i] && login.At >= now - Ago[i] - TimeSpan.FromDays(1))
            {
                Days[i].Adoption.Add(login);
            }
        }
    }
}
