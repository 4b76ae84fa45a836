using System.Text;
using TlsFront.Backends;
using TlsFront.Protocols;

namespace TlsFront.Tests.Backends;

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
    public void A_greeting_is_judged_once_it_is_complete(object protocol, string text, object expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var last = text.TrimEnd().LastIndexOf('\n') + 1;
        for (var length = 0; length < bytes.Length; length++)
        {
            var partial = ProbeDialogue.Judge((MailProtocol)protocol, bytes.AsSpan(0, length));
            Assert.True(partial == GreetingVerdict.Incomplete || (length > text.IndexOf('\n', StringComparison.Ordinal) && last > 0 && partial == (GreetingVerdict)expected), $"{length}: {partial}");
        }

        Assert.Equal((GreetingVerdict)expected, ProbeDialogue.Judge((MailProtocol)protocol, bytes));
    }

    [Theory]
    [InlineData(MailProtocol.Smtp)]
    [InlineData(MailProtocol.Imap)]
    public void A_greeting_without_end_is_none(object protocol)
    {
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, new byte[ProbeDialogue.MaximumGreeting + 1]));
        // Nor one that ends too late, however much of it came at once.
        var late = Encoding.ASCII.GetBytes("421 " + new string('x', ProbeDialogue.MaximumGreeting) + "\r\n");
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, late));
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("220-x\r\n", 2000)));
        Assert.Equal(GreetingVerdict.Foreign, ProbeDialogue.Judge((MailProtocol)protocol, lines));
    }

    [Fact]
    public void What_is_logged_of_it_is_plain_and_short()
    {
        Assert.Equal("421 ?[31m?", ProbeDialogue.FirstLine("421 \u001b[31m\u0000\r\nmore"u8));
        Assert.Equal(100, ProbeDialogue.FirstLine(new byte[500]).Length);
    }
}
