namespace TlsFront.Protocols;

/// <summary>One thing that a server offers: a keyword of EHLO, a name of IMAP's list, a line of CAPA or of ManageSieve's list.</summary>
/// <param name="Name">Its name, as the server writes it.</param>
/// <param name="Parameters">The words behind it.</param>
internal sealed record Capability(string Name, IReadOnlyList<string> Parameters)
{
    /// <summary>Most octets of an offer: it is said within one reply, beside a host name and the words around it.</summary>
    public const int MaxOffer = 1024;

    /// <summary>One without parameters.</summary>
    public Capability(string name)
        : this(name, [])
    {
    }

    /// <summary>The item as text: its name and its parameters, one space apart.</summary>
    public override string ToString() => Parameters.Count == 0 ? Name : $"{Name} {string.Join(' ', Parameters)}";

    /// <summary>
    /// What all of several servers offer, in the order of the first: of the parameters those that all have, of a maximum (SIZE, RFC 1870) the
    /// smallest. What has parameters and keeps none is not offered.
    /// </summary>
    public static IReadOnlyList<Capability> Intersect(IReadOnlyList<IReadOnlyList<Capability>> offers)
    {
        if (offers.Count == 0)
        {
            return [];
        }

        var common = new List<Capability>();
        foreach (var item in offers[0])
        {
            var left = offers.Skip(1).Aggregate((Capability?)item, static (left, offer) => left is null ? null : left.Common(left.FindIn(offer)));
            if (left is not null && (left.Parameters.Count > 0 || item.Parameters.Count == 0))
            {
                common.Add(left);
            }
        }

        return common;
    }

    /// <summary>What is kept of a list: as much as the longest of a server's. Null stays null.</summary>
    public static IReadOnlyList<Capability>? Bound(IReadOnlyList<Capability>? items)
    {
        const int Most = 64;
        const int Longest = 256;
        return items is null ? null : [.. items.Where(static item => item.ToString().Length <= Longest).Take(Most)];
    }

    /// <summary>Whether two servers, or one at two times, offer the same in the same order.</summary>
    public static bool AreSame(IReadOnlyList<Capability> offer, IReadOnlyList<Capability>? other) =>
        other is not null
        && offer.Count == other.Count
        && offer.Zip(other).All(static pair => pair.First.Name == pair.Second.Name && pair.First.Parameters.SequenceEqual(pair.Second.Parameters));

    private bool IsSame(Capability other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    private Capability? FindIn(IReadOnlyList<Capability> offer) => offer.FirstOrDefault(IsSame);

    private Capability? Common(Capability? other)
    {
        if (other is null)
        {
            return null;
        }

        if (Name.Equals("SIZE", StringComparison.OrdinalIgnoreCase))
        {
            return Limit(this) is var mine && Limit(other) is var theirs && theirs < mine ? other : this;
        }

        return this with { Parameters = [.. Parameters.Intersect(other.Parameters, StringComparer.OrdinalIgnoreCase)] };
    }

    // RFC 1870 section 3: zero, or no number, is no limit.
    private static long Limit(Capability size) =>
        size.Parameters is [var text, ..] && long.TryParse(text, out var limit) && limit > 0 ? limit : long.MaxValue;
}
