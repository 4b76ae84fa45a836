using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>CVE-2023-51764 and relatives: whatever a backend takes for a line end, it sees the one end of data the client framed.</summary>
public class SmtpSmugglingTests
{
    private const string Smuggled = "MAIL FROM:<evil@x>\r\nRCPT TO:<victim@x>\r\nDATA\r\nspoofed\r\n";

    private static readonly string[] Variants =
    [
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\n", "\n.\r", "\r.\r\n", "\r\n.\r", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\r\n\0.\r\n", "\r\n.\0\r\n",
        "\n\n.\n\n", "\n.\n\n.\n", "\r\n.\n.\r\n", "\n\r.\r\n", "\0\n.\0\n", "\n.\0\r\n", "\r\n.\n\r", ".\n", ".\r", ".\0\r\n", "\n\0.\n",
        "\r\n.\r.\r\n",
    ];

    // How backends are known to find the end of a line, from exact to careless.
    private static readonly Func<string, string>[] LineEnds =
    [
        text => text,
        text => text.Replace("\r\n", "\n").Replace("\n", "\r\n"),
        text => text.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\n", "\r\n"),
        text => text.Replace("\r", "").Replace("\n", "\r\n"),
    ];

    public static TheoryData<string, string> Contents()
    {
        var contents = new TheoryData<string, string>();
        foreach (var variant in Variants)
        {
            contents.Add("alone", variant);
            contents.Add("embedded", "Subject: x\r\n\r\nhello" + variant + Smuggled);
            contents.Add("behind a line", "hello\r\n" + variant + Smuggled);
            contents.Add("at the end", "hello" + variant);
        }

        return contents;
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void Normalized_data_has_one_end_for_every_backend_at_every_split(string place, string content)
    {
        Assert.NotEmpty(place);
        var sent = content + "\r\n.\r\n";
        var whole = Transfer(sent, 0);
        AssertOneEnd(whole);
        for (var cut = 1; cut < sent.Length; cut++)
        {
            Assert.Equal(whole, Transfer(sent, cut));
        }

        string Transfer(string bytes, int cut)
        {
            var harness = SmtpSession.InData();
            harness.Client(bytes[..cut]);
            harness.Client(bytes[cut..]);
            harness.Backend("250 queued\r\n");
            Assert.Equal("250 queued\r\n", harness.ToClient);
            return harness.ToBackend;
        }
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void Rejected_data_has_no_end_for_any_backend_at_any_split(string place, string content)
    {
        Assert.NotEmpty(place);
        var sent = content + "\r\n.\r\n";
        for (var cut = 0; cut < sent.Length; cut++)
        {
            var harness = SmtpSession.InData(new SessionRules(BareNewlines: BareNewlines.Reject));
            harness.Client(sent[..cut]);
            harness.Client(sent[cut..]);
            Assert.Equal("550 5.6.0 Message contains a bare CR, LF or NUL\r\n", harness.ToClient);
            Assert.Equal(["message refused"], harness.Reports);
            foreach (var read in LineEnds)
            {
                Assert.Equal(0, CountEnds(read(harness.ToBackend)));
                Assert.Equal(0, CountEnds(read(harness.ToBackend.Replace("\0", ""))));
            }

            harness.TakeToClient();
            var atBackend = harness.TakeToBackend();
            harness.Client("MAIL FROM:<a@x>\r\n");
            Assert.Equal("421 4.7.0 mail.example.com Closing connection after a refused message\r\n", harness.ToClient);
            Assert.Equal("", harness.ToBackend);
            Assert.Equal(CloseReason.SmugglingRefused, harness.Closed);
            Assert.DoesNotContain("evil@x>\r\n.\r\n", atBackend);
        }
    }

    [Fact]
    public void Rejecting_leaves_proper_messages_alone()
    {
        var harness = SmtpSession.InData(new SessionRules(BareNewlines: BareNewlines.Reject));
        harness.Client("hello\r\n..\r\n.\r\n");
        Assert.Equal(SmtpSession.Header() + "hello\r\n..\r\n.\r\n", harness.ToBackend);
    }

    [Fact]
    public void What_the_backend_says_or_does_after_a_rejection_no_longer_matters()
    {
        var harness = SmtpSession.InData(new SessionRules(BareNewlines: BareNewlines.Reject));
        harness.Client("a\nb\r\n.\r\n");
        harness.TakeToClient();
        harness.Backend("421 timeout\r\n");
        harness.BackendEnds();
        Assert.Equal("", harness.ToClient);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("a\nb", "a\r\nb")]
    [InlineData("a\rb", "a b")]
    [InlineData("a\0b", "a b")]
    [InlineData("\n", "\r\n")]
    [InlineData("a\n.\nb", "a\r\n..\r\nb")]
    [InlineData("a\n.\r\nb", "a\r\n..\r\nb")]
    [InlineData("a\r\n.\nb", "a\r\n..\r\nb")]
    [InlineData("a\n.b\n..\n", "a\r\n.b\r\n..\r\n")]
    [InlineData("\r\n.\r\r\n", "\r\n. \r\n")]
    [InlineData("\r\n\0.\r\n", "\r\n .\r\n")]
    public void Bare_newlines_are_rewritten(string content, string rewritten)
    {
        var harness = SmtpSession.InData();
        harness.Client("x" + content + "x\r\n.\r\n");
        Assert.Equal(SmtpSession.Header() + "x" + rewritten + "x\r\n.\r\n", harness.ToBackend);
    }

    [Fact]
    public void A_flood_of_bare_newlines_stays_within_the_bounds_of_a_call()
    {
        var harness = SmtpSession.InData();
        harness.Client(new string('\n', 20_000) + string.Concat(Enumerable.Repeat(".\n", 5_000)) + "\r\n.\r\n");
        Assert.EndsWith(
            string.Concat(Enumerable.Repeat("\r\n", 20_000)) + string.Concat(Enumerable.Repeat("..\r\n", 5_000)) + "\r\n.\r\n", harness.ToBackend);
    }

    internal static void AssertOneEnd(string backendBytes)
    {
        foreach (var read in LineEnds)
        {
            foreach (var seen in new[] { read(backendBytes), read(backendBytes.Replace("\0", "")) })
            {
                Assert.Equal(1, CountEnds(seen));
                Assert.EndsWith("\r\n.\r\n", seen);
            }
        }
    }

    private static int CountEnds(string text)
    {
        var count = 0;
        for (var at = text.IndexOf("\r\n.\r\n", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\r\n.\r\n", at + 1, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
