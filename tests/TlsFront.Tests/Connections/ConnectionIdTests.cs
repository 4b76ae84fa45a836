using TlsFront.Connections;

namespace TlsFront.Tests.Connections;

public sealed class ConnectionIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_is_fit_for_a_Received_line_and_a_PROXY_header()
    {
        var id = ConnectionId.Next(Now);

        Assert.InRange(id.Length, 10, 26);
        Assert.All(id, character => Assert.True(char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character)));
    }

    [Fact]
    public void Ids_of_one_moment_differ() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => ConnectionId.Next(Now)).ToHashSet(StringComparer.Ordinal).Count);

    [Fact]
    public void Ids_sort_by_time()
    {
        var ids = Enumerable.Range(0, 1000).Select(step => ConnectionId.Next(Now.AddMilliseconds(step))).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }
}
