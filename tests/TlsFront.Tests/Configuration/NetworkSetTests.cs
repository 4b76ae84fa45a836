using System.Net;
using System.Net.Sockets;
using CsCheck;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;

namespace TlsFront.Tests.Configuration;

public sealed class NetworkSetTests
{
    private static readonly Gen<IPAddress> Address = Gen.OneOf(
        Near(4), Near(16), Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)), Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes)));
    private static readonly Gen<IPNetwork> Network = Gen.Select(Address, Gen.Int[0, 128], (address, prefix) => Masked(address, prefix));

    [Fact]
    public void It_has_the_addresses_of_its_networks_and_no_other() =>
        Gen.Select(Network.List[0, 20], Address.List[1, 20]).Sample((networks, addresses) =>
    {
        var set = NetworkSet.Of(networks);
        return addresses.Concat(networks.Select(network => network.BaseAddress))
            .All(address => set.Contains(address) == networks.Exists(network => network.Contains(address)));
    });

    [Theory]
    [InlineData("192.0.2.0/25", true)]
    [InlineData("192.0.2.128/25", true)]
    [InlineData("192.0.2.7/32", true)]
    [InlineData("192.0.2.0/24", false)]
    [InlineData("192.0.0.0/16", false)]
    [InlineData("192.0.1.0/24", false)]
    [InlineData("192.0.3.0/24", false)]
    [InlineData("192.0.2.0/25 192.0.2.128/25", false)]
    [InlineData("192.0.2.0/25 192.0.2.192/26", true)]
    [InlineData("192.0.1.0/24 192.0.3.0/24 ::/0", false)]
    [InlineData("192.0.1.0/24 192.0.2.0/26 192.0.3.0/24", true)]
    [InlineData("", false)]
    public void It_has_a_part_of_a_network_or_all_of_it_or_nothing(string networks, bool isPart) => Assert.Equal(
        isPart,
        NetworkSet.Of([.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static text => IPNetwork.Parse(text))])
            .HoldsPartOf(IPNetwork.Parse("192.0.2.0/24")));

    [Fact]
    public void Order_and_repetition_of_the_networks_make_no_difference() => Network.List[0, 20].Sample(networks =>
    {
        var set = NetworkSet.Of(networks);
        var other = NetworkSet.Of([.. networks, .. Enumerable.Reverse(networks)]);
        return set.Equals(other) && set.GetHashCode() == other.GetHashCode();
    });

    [Fact]
    public void Every_network_is_read_as_it_is_written() => Network.Where(network => !network.BaseAddress.IsIPv4MappedToIPv6).Sample(network =>
        NetworkType.Instance.TryParse(network.ToString(), out var read, out _) && read.Equals(network));

    [Theory]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    public void The_edges(string network, string address, bool isInside)
    {
        Assert.True(NetworkType.Instance.TryParse(network, out var parsed, out _));
        Assert.Equal(isInside, NetworkSet.Of([parsed]).Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("192.0.2.1/24", "write 192.0.2.0/24 for the network")]
    [InlineData("192.0.2.0/33", "write an address or a network")]
    [InlineData("192.0.2.0/", "write an address or a network")]
    [InlineData("192.0.2.0/-1", "write an address or a network")]
    [InlineData("192.0.2", "write an address or a network")]
    [InlineData("2001:db8::1/32", "write 2001:db8::/32 for the network")]
    [InlineData("2001:db8::/129", "write an address or a network")]
    [InlineData("fe80::1%1", "write an address or a network")]
    [InlineData("[::1]", "write an address or a network")]
    [InlineData("::ffff:192.0.2.1", "write an address or a network")]
    [InlineData("mail.example.com", "write an address or a network")]
    public void What_is_no_network_is_told_with_the_remedy(string text, string remedy)
    {
        Assert.False(NetworkType.Instance.TryParse(text, out _, out var problem));
        Assert.StartsWith(remedy, problem!.Remedy, StringComparison.Ordinal);
    }

    /// <summary>Addresses that differ in few bits, so that networks overlap and touch.</summary>
    private static Gen<IPAddress> Near(int length) =>
        Gen.Select(Gen.Byte[0, 3], Gen.Byte[0, 3], (first, last) => new IPAddress([first, .. new byte[length - 2], last]));

    private static IPNetwork Masked(IPAddress address, int prefix)
    {
        prefix %= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) + 1;
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(128 >> (bit % 8));
        }

        return new(new IPAddress(bytes), prefix);
    }
}
