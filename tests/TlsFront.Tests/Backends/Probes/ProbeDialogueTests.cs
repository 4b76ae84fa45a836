using System.Text;
using TlsFront.Backends.Probes;
using TlsFront.Protocols;

namespace TlsFront.Tests.Backends.Probes;

public sealed class ProbeDialogueTests
{
    [Theory]
    [InlineData(MailProtocol.Smtp, "220 mail.example.com ESMTP\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Smtp, "220\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Smtp, "220-no\r\n220-spam\r\n220 please\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Smtp, "421 4.3.2 too busy\r\n", GreetingVerdict.Refusal)]
    [InlineData(MailProtocol.Smtp, "554-not\r\n554 you\r\n", GreetingVerdict.Refusal)]
    [InlineData(MailProtocol.Smtp, "250 what\r\n", GreetingVerdict.Foreign)]
    [InlineData(MailProtocol.Smtp, "* OK IMAP\r\n", GreetingVerdict.Foreign)]
    [InlineData(MailProtocol.Smtp, "SSH-2.0-OpenSSH_9.9\r\n", GreetingVerdict.Foreign)]
    [InlineData(MailProtocol.Imap, "* OK [CAPABILITY IMAP4rev1] ready\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Imap, "* PREAUTH hello\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Imap, "* BYE overloaded\r\n", GreetingVerdict.Refusal)]
    [InlineData(MailProtocol.Imap, "220 mail.example.com ESMTP\r\n", GreetingVerdict.Foreign)]
    [InlineData(MailProtocol.Imap, "* OKAY\r\n", GreetingVerdict.Foreign)]
    [InlineData(MailProtocol.Pop3, "+OK ready <1@mail>\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Pop3, "-ERR [SYS/TEMP] busy\r\n", GreetingVerdict.Refusal)]
    [InlineData(MailProtocol.Pop3, "220 mail\r\n", GreetingVerdict.Foreign)]
    [InlineData(
        MailProtocol.Sieve, "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" {7}\r\nOK\r\nBYE\r\nOK (TAG {4}\r\nNO\r\n) \"ready\"\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Sieve, "\"STARTTLS\"\r\nOK\r\n", GreetingVerdict.Ready)]
    [InlineData(MailProtocol.Sieve, "BYE \"too many {5}\"\r\n", GreetingVerdict.Refusal)]
    [InlineData(MailProtocol.Sieve, "* OK IMAP\r\n", GreetingVerdict.Foreign)]
    public void A_greeting_is_judged_once_it_is_complete(object protocol, string text, object expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var last = text.TrimEnd().LastIndexOf('\n') + 1;
        for (var length = 0; length < bytes.Length; length++)
        {
            var partial = ProbeDialogue.Judge((MailProtocol)protocol, bytes.AsSpan(0, length), out _);
            Assert.True(
                partial == GreetingVerdict.Incomplete
                    || (length > text.IndexOf('\n', StringComparison.Ordinal) && last > 0 && partial == (GreetingVerdict)expected),
                $"{length}: {partial}");
        }

        Assert.Equal((GreetingVerdict)expected, ProbeDialogue.Judge((MailProtocol)protocol, bytes, out _));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp)]
    [InlineData(MailProtocol.Imap)]
    [InlineData(MailProtocol.Sieve)]
    public void A_greeting_without_end_is_none(object protocol)
    {
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, new byte[ProbeDialogue.MaximumGreeting + 1], out _));
        // Nor one that ends too late, however much of it came at once.
        var late = Encoding.ASCII.GetBytes("421 " + new string('x', ProbeDialogue.MaximumGreeting) + "\r\n");
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, late, out _));
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("220-x\r\n", 2000)));
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, lines, out _));
    }

    [Fact]
    public void What_is_logged_of_it_is_plain_and_short()
    {
        Assert.Equal("421 ?[31m?", ProbeDialogue.FirstLine("421 \u001b[31m\u0000\r\nmore"u8));
        Assert.Equal(100, ProbeDialogue.FirstLine(new byte[500]).Length);
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, "220-a\r\n220 b\r\n", "500 5.5.2 Error: bad syntax\r\n")]
    [InlineData(MailProtocol.Imap, "* OK a\r\n", "* BAD b\r\n")]
    [InlineData(MailProtocol.Pop3, "+OK\r\n", "-ERR b\r\n")]
    [InlineData(MailProtocol.Sieve, "\"SASL\" \"\"\r\nOK\r\n", "NO \"b\"\r\n")]
    public void What_follows_a_greeting_is_no_part_of_it_and_may_be_about_the_header(object protocol, string greeting, string rest)
    {
        Assert.Equal(GreetingVerdict.Ready, ProbeDialogue.Judge((MailProtocol)protocol, Encoding.ASCII.GetBytes(greeting + rest), out var length));
        Assert.Equal(greeting.Length, length);
        Assert.True(ProtocolProfile.Of((MailProtocol)protocol).IsHeaderRefused(Encoding.ASCII.GetBytes(rest)));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, "221 bye\r\n", false)]
    [InlineData(MailProtocol.Smtp, "", false)]
    [InlineData(MailProtocol.Imap, "* BYE\r\nprobe OK\r\n", false)]
    [InlineData(MailProtocol.Imap, "PROXY BAD Error in IMAP command received by server.\r\n", true)]
    [InlineData(MailProtocol.Imap, "* OK [CAPABILITY IMAP4rev1] ready.\r\n* BAD what\r\n", true)]
    [InlineData(MailProtocol.Pop3, "+OK bye\r\n", false)]
    [InlineData(MailProtocol.Sieve, "OK \"Logout completed.\"\r\n", false)]
    [InlineData(MailProtocol.Sieve, "NO \"Error in MANAGESIEVE command received by server.\"\r\nOK \"Logout completed.\"\r\n", true)]
    [InlineData(MailProtocol.Tcp, "-ERR\r\n", false)]
    public void A_goodbye_that_is_answered_is_no_refused_header(object protocol, string reply, bool expected) =>
        Assert.Equal(expected, ProtocolProfile.Of((MailProtocol)protocol).IsHeaderRefused(Encoding.ASCII.GetBytes(reply)));

    [Theory]
    [InlineData(MailProtocol.Smtp)]
    [InlineData(MailProtocol.Imap)]
    [InlineData(MailProtocol.Pop3)]
    [InlineData(MailProtocol.Sieve)]
    public void A_TLS_record_is_known_by_its_first_bytes(object protocol)
    {
        Assert.Equal(GreetingVerdict.Tls, ProbeDialogue.Judge((MailProtocol)protocol, [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46], out _));
        Assert.Equal(GreetingVerdict.Tls, ProbeDialogue.Judge((MailProtocol)protocol, [0x16, 0x03], out _));
        Assert.Equal(GreetingVerdict.Incomplete, ProbeDialogue.Judge((MailProtocol)protocol, [0x16], out _));
    }
}
