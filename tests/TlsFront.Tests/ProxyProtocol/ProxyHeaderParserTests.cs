using System.Buffers;
using System.Text;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.ProxyProtocol;

public sealed class ProxyHeaderParserTests
{
    /// <summary>The worked example of a version 2 header with SSL and AUTHORITY.</summary>
    private const string Worked = "0D0A0D0A000D0A515549540A2111004ACB007105C633640AC73803E1200028010000000121"
        + "0007544C5376312E33230016544C535F4145535F3235365F47434D5F5348413338340200106D61696C2E6578616D706C652E636F6D";

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.5 198.51.100.10 51000 993\r\n", "203.0.113.5:51000", "198.51.100.10:993")]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("PROXY TCP6 2001:db8::5 2001:DB8:0:1::10 1 2\r\n", "[2001:db8::5]:1", "[2001:db8:0:1::10]:2")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP6 ::ffff:203.0.113.5 2001:db8::10 1 2\r\n", "203.0.113.5:1", "[2001:db8::10]:2")]
    [InlineData("PROXY TCP6 ::ffff:203.0.113.9 ::ffff:192.0.2.1 4711 465\r\n", "203.0.113.9:4711", "192.0.2.1:465")]
    [InlineData("PROXY TCP6 2001:db8::9 192.0.2.1 4711 465\r\n", "[2001:db8::9]:4711", "192.0.2.1:465")]
    [InlineData("PROXY TCP4 203.0.113.9 2001:db8::1 4711 465\r\n", "203.0.113.9:4711", "[2001:db8::1]:465")]
    [InlineData("PROXY TCP4 203.0.113.9 unix:/run/nginx.sock 4711 0\r\n", "203.0.113.9:4711", null)]
    [InlineData("PROXY TCP6 2001:db8::9 999.1.1.1 4711 465\r\n", "[2001:db8::9]:4711", null)]
    [InlineData("PROXY TCP6 2001:db8::9 fe80::1%1 4711 465\r\n", "[2001:db8::9]:4711", null)]
    [InlineData("PROXY UNKNOWN\r\n", null, null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff whatever 65535\r\n", null, null)]
    public void Version_1(string line, string? client, string? local) => Reads(Encoding.Latin1.GetBytes(line), client, local);

    [Theory]
    [InlineData("21 11 000C CB007105 C633640A C738 03E1", "203.0.113.5:51000", "198.51.100.10:993")]
    [InlineData(
        "21 21 0024 20010DB8000000000000000000000005 20010DB8000000000000000000000010 C738 03E1", "[2001:db8::5]:51000", "[2001:db8::10]:993")]
    [InlineData("21 21 0024 00000000000000000000FFFFCB007105 20010DB8000000000000000000000010 C738 03E1", "203.0.113.5:51000", "[2001:db8::10]:993")]
    [InlineData("20 00 0000", null, null)]
    [InlineData("20 11 000C CB007105 C633640A C738 03E1", null, null)]
    [InlineData("20 77 0002 FFFF", null, null)]
    [InlineData("21 00 0003 FFFFFF", null, null)]
    public void Version_2(string rest, string? client, string? local) => Reads(V2(rest), client, local);

    [Fact]
    public void Version_2_of_a_unix_socket_has_no_addresses_but_fields()
    {
        var header = Reads(V2("21 31 00DC" + new string('0', 432) + "050001 41"), null, null);

        Assert.Equal("A", Text(header, TlvType.UniqueId));
    }

    [Fact]
    public void Fields_are_kept()
    {
        var header = Reads(Convert.FromHexString(Worked), "203.0.113.5:51000", "198.51.100.10:993");

        Assert.Equal("mail.example.com", Text(header, TlvType.Authority));
        Assert.True(header.TryFind(TlvType.Ssl, out var ssl));
        Assert.Equal(40, ssl.Length);
        Assert.False(header.TryFind(TlvType.Alpn, out _));
    }

    [Theory]
    [InlineData("PROXX")]
    [InlineData("proxy TCP4 203.0.113.5 198.51.100.10 51000 993\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIX")]
    [InlineData("EHLO laptop\r\n")]
    [InlineData("\x16\x03\x01")]
    [InlineData("\0")]
    public void What_begins_like_no_header_is_none_at_once(string text) =>
        Assert.Equal(CloseReason.ProxyHeaderMissing, Refuses(Encoding.Latin1.GetBytes(text)).Reason);

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY TCP5 1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY UNKNOWNX\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n")]
    [InlineData("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.04 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 0x01020304 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 999.1.1.1 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 ::ffff:1.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 fe80::2 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rX")]
    [InlineData("PROXY TCP4 1.2.3.4\t5.6.7.8 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\0\r\n")]
    [InlineData("PROXY UNKNOWN 56789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345\r\n")]
    public void A_broken_line_is_refused(string text) => Assert.Equal(CloseReason.ProxyHeaderInvalid, Refuses(Encoding.Latin1.GetBytes(text)).Reason);

    [Theory]
    [InlineData("11 11 000C CB007105 C633640A C738 03E1", "version or command")]
    [InlineData("22 11 000C CB007105 C633640A C738 03E1", "version or command")]
    [InlineData("21 12 000C CB007105 C633640A C738 03E1", "family or transport")]
    [InlineData("21 10 000C CB007105 C633640A C738 03E1", "family or transport")]
    [InlineData("21 41 000C CB007105 C633640A C738 03E1", "family or transport")]
    [InlineData("21 11 000B CB007105 C633640A C738 03", "within its addresses")]
    [InlineData("21 11 000D CB007105 C633640A C738 03E1 04", "within a field")]
    [InlineData("21 11 0010 CB007105 C633640A C738 03E1 040002 00", "within a field")]
    [InlineData("21 11 0013 CB007105 C633640A C738 03E1 030004 00000000", "checksum")]
    [InlineData("21 11 0012 CB007105 C633640A C738 03E1 030003 000000", "checksum")]
    [InlineData("21 11 0FF1", "longer than 4096")]
    public void A_broken_version_2_header_is_refused(string rest, string problem)
    {
        var refusal = Refuses(V2(rest));

        Assert.Equal(CloseReason.ProxyHeaderInvalid, refusal.Reason);
        Assert.Contains(problem, refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY TCP4 999.1.1.1 192.0.2.1 1 2\r\nEHLO x", ": \"PROXY TCP4 999.1.1.1 192.0.2.1 1 2\"")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\nAUTH PLAIN c2VjcmV0", ": \"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\x0A\"")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rX", ": \"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\\x0DX\"")]
    [InlineData("PROXY TCP4 m\u00fcller 5.6.7.8 1 2\r\n", ": \"PROXY TCP4 m\\xFC\"")]
    public void A_broken_line_is_quoted_printable_and_up_to_its_end(string text, string end) =>
        Assert.EndsWith(end, Refuses(Encoding.Latin1.GetBytes(text)).Detail, StringComparison.Ordinal);

    [Fact]
    public void A_quote_is_bounded()
    {
        var line = "PROXY TCP4 " + new string('9', 200);
        Assert.EndsWith($": \"{line[..107]}\"", Refuses(Encoding.Latin1.GetBytes(line)).Detail, StringComparison.Ordinal);
        var header = V2("21 12 0100" + new string('A', 2 * 256));
        Assert.EndsWith($": {Convert.ToHexString(header)[..128]}...", Refuses([.. header, .. "TLS"u8]).Detail, StringComparison.Ordinal);
        Assert.EndsWith(": 0D0A0D0A000D0A515549540A21120000", Refuses([.. V2("21 12 0000"), .. "TLS"u8]).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_header_is_not_quoted_because_it_may_be_a_password() =>
        Assert.DoesNotContain("secret", Refuses("a LOGIN bob secret\r\n"u8.ToArray()).Detail, StringComparison.Ordinal);

    [Fact]
    public void A_UNIQUE_ID_has_a_maximum()
    {
        Reads(V2("21 11 008F CB007105 C633640A C738 03E1 050080" + new string('4', 256)), "203.0.113.5:51000", "198.51.100.10:993");
        Assert.Contains(
            "UNIQUE_ID", Refuses(V2("21 11 0090 CB007105 C633640A C738 03E1 050081" + new string('4', 258))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_of_the_greatest_length_is_read()
    {
        var padding = 4096 - 16 - 12 - 3;
        Reads(V2($"21 11 0FF0 CB007105 C633640A C738 03E1 04{padding:X4}" + new string('0', 2 * padding)), "203.0.113.5:51000", "198.51.100.10:993");
    }

    [Fact]
    public void The_checksum_is_verified_wherever_it_stands()
    {
        var header = V2("21 11 0017 CB007105 C633640A C738 03E1 030004 00000000 050001 41");
        Crc32C.Write(header, at: 31);

        Reads(header, "203.0.113.5:51000", "198.51.100.10:993");
        // But for LOCAL, whose fields are discarded, and a checksum that is none any more.
        foreach (var i in Enumerable.Range(12, header.Length - 12).Except([12, 28]))
        {
            header[i] ^= 1;
            Assert.NotEqual(OperationStatus.Done, ProxyHeaderParser.Parse(header, out _, out _, out _));
            header[i] ^= 1;
        }
    }

    /// <summary>Reads a header whole, with what follows it, and cut at every octet.</summary>
    private static ProxyHeader Reads(byte[] bytes, string? client, string? local)
    {
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, ProxyHeaderParser.Parse(bytes.AsSpan(0, cut), out var needed, out var none, out _));
            Assert.Null(none);
            Assert.InRange(needed, cut + 1, bytes.Length);
        }

        Assert.Equal(OperationStatus.Done, ProxyHeaderParser.Parse([.. bytes, 0x16, 0x03, 0x01], out var length, out var header, out var refusal));
        Assert.Null(refusal);
        Assert.Equal(bytes.Length, length);
        Assert.Equal((client, local), (header!.Client?.ToString(), header.Local?.ToString()));
        return header;
    }

    private static ProxyHeaderRefusal Refuses(byte[] bytes)
    {
        Assert.Equal(OperationStatus.InvalidData, ProxyHeaderParser.Parse(bytes, out _, out var header, out var refusal));
        Assert.Null(header);
        return refusal!;
    }

    private static string Text(ProxyHeader header, TlvType type)
    {
        Assert.True(header.TryFind(type, out var value));
        return Encoding.UTF8.GetString(value);
    }

    private static byte[] V2(string rest) => Convert.FromHexString("0D0A0D0A000D0A515549540A" + rest.Replace(" ", "", StringComparison.Ordinal));
}
