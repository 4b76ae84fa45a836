using System.Net.Security;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

/// <summary>Fingerprints of hellos: the specification's own example, one of mail, and the rules in between.</summary>
public sealed class Ja4Tests
{
    private static readonly ushort[] Mail =
    [
        0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028, 0x006b, 0xc023, 0xc027,
        0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0x00ff
    ];

    /// <summary>technical_details/JA4.md: a browser's, with GREASE in every list.</summary>
    [Fact]
    public void The_example_of_the_specification()
    {
        var hello = new HelloBuilder
        {
            Suites =
            [
                0x2A2A, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035
            ],
        };
        Assert.Equal("t13d1516h2_8daaf6152771_e5627efa2ab1", Of(hello
            .Extension(0x1A1A, [])
            .Extension(0x001b, []).ServerName("example.com").Extension(0x0033, []).Protocols("h2", "http/1.1").Extension(0x4469, [])
            .Extension(0x0017, []).Extension(0x002d, [])
            .Signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
            .Extension(0x0005, []).Extension(0x0023, []).Extension(0x0012, []).Versions(0x9A9A, 0x0304, 0x0303).Extension(0xff01, [])
            .Extension(0x000b, []).Groups(0x7A7A, 0x001d, 0x0017).Extension(0x0015, [])));
    }

    [Theory]
    [InlineData(null, "t13d311000_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("imap", "t13d3111ip_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("pop3", "t13d3111p3_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("managesieve", "t13d3111me_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("x", "t13d3111xx_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("-map", "t13d311120_e8f1e7e78f70_1f22a2ca17c4")]
    [InlineData("\u00abcd", "t13d3111a4_e8f1e7e78f70_1f22a2ca17c4")]
    public void A_mail_client_with_OpenSSL_at_its_defaults(string? protocol, string expected)
    {
        var hello = new HelloBuilder { Suites = Mail };
        hello = hello.ServerName("mail.example.org").Extension(0x000b, []).Groups(0x001d).Extension(0x0023, []).Extension(0x0016, [])
            .Extension(0x0017, [])
            .Signatures(
                0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301,
                0x0302, 0x0402, 0x0502, 0x0602)
            .Versions(0x0304, 0x0303).Extension(0x002d, []).Extension(0x0033, []);
        Assert.Equal(expected, Of(protocol is null ? hello : hello.Protocols(protocol)));
    }

    [Fact]
    public void An_old_device_that_has_no_extensions() =>
        Assert.Equal($"t10i020000_{Sha("002f,0035")}_000000000000",
            Of(new HelloBuilder { LegacyVersion = 0x0301, Suites = [0x0035, 0x002f] }));

    [Fact]
    public void The_version_is_that_of_the_list_and_not_of_the_field() =>
        Assert.StartsWith("t12i", Of(new HelloBuilder().Versions(0x0303, 0x0302)), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_no_host_name_is_a_name_all_the_same() =>
        Assert.StartsWith("t12d0401", Of(new HelloBuilder().ServerName("192.0.2.1")), StringComparison.Ordinal);

    [Fact]
    public void More_than_99_are_99()
    {
        var hello = new HelloBuilder { Suites = [.. Enumerable.Range(1, 150).Select(static number => (ushort)number)] };
        for (ushort type = 100; type < 250; type++)
        {
            hello.Extension(type, []);
        }

        Assert.StartsWith("t12i9999", Of(hello), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hello_that_is_made_to_cost_time_gets_none() =>
        Assert.Null(Of(new HelloBuilder { Suites = [.. Enumerable.Range(1, 30_000).Select(static number => (ushort)number)] }));

    [Fact]
    public async Task A_real_client_has_the_same_one_each_time()
    {
        var options = new SslClientAuthenticationOptions { TargetHost = "mail.example.org" };
        var (one, other) = (await Hellos.CaptureAsync(options), await Hellos.CaptureAsync(options));
        Assert.NotEqual(one, other);
        var text = Of(one[5..]);
        Assert.Equal(Ja4.Length, text!.Length);
        Assert.Equal(text, Of(other[5..]));
    }

    private static string Sha(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)))[..12];

    private static string? Of(HelloBuilder hello) => Of(hello.Message());

    private static string? Of(byte[] message)
    {
        Assert.True(ClientHelloParser.TryParse(message.AsSpan(4), out var hello, out var refusal), refusal?.Detail);
        return Ja4.Of(hello!);
    }
}
