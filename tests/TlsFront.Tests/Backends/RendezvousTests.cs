using TlsFront.Backends;

namespace TlsFront.Tests.Backends;

/// <summary>What every gateway of every version must come to: a change here moves everybody's mailbox to another server.</summary>
public sealed class RendezvousTests
{
    private const int Users = 10_000;

    /// <summary>The 99.9 % quantile of chi-squared with 4 degrees of freedom: names are fixed, so that the test is as well.</summary>
    private const double Uneven = 18.47;

    private static readonly string[] Five = ["10.0.0.1:143", "10.0.0.2:143", "10.0.0.3:143", "10.0.0.4:143", "10.0.0.5:143"];

    private static readonly string[] Destinations =
        ["10.0.0.#:143", "imap#.internal:143", "[fd00::#]:143", "dovecot-#.mail.svc.cluster.local:143", "10.0.0.1:14#"];

    public static TheoryData<string, string> Namings()
    {
        var data = new TheoryData<string, string>();
        foreach (var destinations in Destinations)
        {
            foreach (var user in (string[])["#", "u#", "user#@example.com", "#@a.example"])
            {
                data.Add(destinations, user);
            }
        }

        return data;
    }

    /// <summary>By another implementation.</summary>
    [Theory]
    [InlineData("", 0xefd01f60ba992926)]
    [InlineData("a", 0x82a2a958a9bece5b)]
    [InlineData("foobar", 0x2c22194922d1672b)]
    [InlineData("müller@example.com", 0x3e50936811c713fb)]
    public void Keys_are_what_they_always_were(string name, ulong key) => Assert.Equal(key, Rendezvous.Key(name));

    /// <summary>By another implementation; the digits are the destinations from the first choice to the last.</summary>
    [Theory]
    [InlineData("alice@example.com", "12453")]
    [InlineData("bob@example.com", "32451")]
    [InlineData("carol@example.com", "23415")]
    [InlineData("dave@example.com", "25431")]
    [InlineData("erin", "21543")]
    [InlineData("frank", "34251")]
    [InlineData("müller@example.org", "24351")]
    [InlineData("用户@例え.jp", "32541")]
    [InlineData("user1@example.com", "13452")]
    [InlineData("user2@example.com", "15342")]
    [InlineData("user3@example.com", "52413")]
    [InlineData("a", "42135")]
    public void Users_are_where_they_always_were(string user, string order) =>
        Assert.Equal(order, string.Concat(Order(user, Five).Select(address => Array.IndexOf(Five, address) + 1)));

    [Theory]
    [MemberData(nameof(Namings))]
    public void Each_of_five_gets_a_fifth_and_the_users_of_one_that_leaves_go_to_all_others(string destinations, string user)
    {
        string[] five = [.. Enumerable.Range(1, 5).Select(number => destinations.Replace("#", $"{number}", StringComparison.Ordinal))];
        var orders = Enumerable.Range(0, Users).Select(number => Order(user.Replace("#", $"{number}", StringComparison.Ordinal), five)).ToList();
        var counts = five.Select(address => orders.Count(order => order[0] == address)).ToList();
        Assert.All(counts, count => Assert.InRange(count, Users * 17 / 100, Users * 23 / 100));
        Assert.InRange(counts.Sum(count => Math.Pow(count - (Users / 5), 2) / (Users / 5)), 0, Uneven);
        foreach (var gone in five)
        {
            var moved = orders.Where(order => order[0] == gone).ToList();
            Assert.All(
                five.Where(address => address != gone),
                address => Assert.InRange((double)moved.Count(order => order[1] == address) / moved.Count, 0.2, 0.3));
        }
    }

    [Fact]
    public void A_user_has_one_host_whatever_the_port_and_the_case_of_its_name()
    {
        for (var i = 0; i < 100; i++)
        {
            var user = $"user{i}@example.com";
            var imap = Order(user, ["a.internal:143", "b.internal:143", "[fd00::c]:143"]);
            Assert.Equal(
                imap.Select(static address => address.Replace(":143", ":4190", StringComparison.Ordinal)),
                Order(user, ["a.internal:4190", "b.internal:4190", "[fd00::c]:4190"]));
            Assert.Equal(
                imap.Select(static address => address.ToUpperInvariant()), Order(user, ["A.INTERNAL:143", "B.INTERNAL:143", "[FD00::C]:143"]));
        }
    }

    private static string[] Order(string user, string[] destinations)
    {
        var key = Rendezvous.Key(user);
        return [.. destinations.OrderByDescending(address => new Destination(address).Weight(key))];
    }
}
