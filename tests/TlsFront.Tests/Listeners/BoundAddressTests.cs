using System.Net;
using TlsFront.Listeners;

namespace TlsFront.Tests.Listeners;

/// <summary>All addresses are those that the host has.</summary>
public sealed class BoundAddressTests
{
    [Theory]
    [InlineData("[::]:465", true, "[::]:465")]
    [InlineData("[::]:465", false, "0.0.0.0:465")]
    [InlineData("0.0.0.0:465", false, "0.0.0.0:465")]
    [InlineData("[::1]:465", false, "[::1]:465")]
    [InlineData("192.0.2.1:465", false, "192.0.2.1:465")]
    public void All_addresses_are_all_of_IPv4_where_there_is_no_IPv6(string configured, bool hasIPv6, string bound) =>
        Assert.Equal(IPEndPoint.Parse(bound), BoundAddress.Of(IPEndPoint.Parse(configured), hasIPv6));
}
