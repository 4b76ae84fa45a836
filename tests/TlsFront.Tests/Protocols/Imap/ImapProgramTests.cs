using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.Imap;

/// <summary>What a client's program calls itself, as logs and policies have it.</summary>
public sealed class ImapProgramTests
{
    [Theory]
    [InlineData("(\"name\" \"Thunderbird\" \"version\" \"128.0\")", "Thunderbird/128.0")]
    [InlineData("(\"os\" \"iOS\" \"VERSION\" \"21B101\" \"Name\" \"iPhone Mail\")", "iPhone Mail/21B101")]
    [InlineData("(\"name\" \"mutt\" \"version\" NIL)", "mutt")]
    [InlineData("(\"name\" {4+}\r\nmutt)", "mutt")]
    [InlineData("(\"version\" \"1\")", null)]
    [InlineData("(\"name\" \"\")", null)]
    [InlineData("(\"name\" \"\u00e9vil\")", null)]
    [InlineData("(\"name\" \"a\tb\")", null)]
    [InlineData("(\"name\" NIL)", null)]
    [InlineData("()", null)]
    [InlineData("NIL", null)]
    public void It_is_named_by_ID(string arguments, string? program)
    {
        foreach (var isInCleartext in (bool[])[false, true])
        {
            if (isInCleartext && arguments.Contains('{', StringComparison.Ordinal))
            {
                // There a literal is dropped unread.
                continue;
            }

            var session = new MachineHarness(observer => HeldLogins.Create("imap", observer, isOptional: isInCleartext)).Start();
            session.Client($"a ID {arguments}\r\n");
            Assert.Equal(program, session.Facts.Program);
        }
    }

    [Fact]
    public void A_name_beyond_measure_is_none()
    {
        var session = new MachineHarness(observer => HeldLogins.Create("imap", observer)).Start();
        session.Client($"a ID (\"name\" \"{new string('x', 101)}\")\r\n");
        Assert.Null(session.Facts.Program);
    }

    [Fact]
    public void In_SMTP_it_is_the_name_in_EHLO_as_Received_has_it()
    {
        var session = new MachineHarness(observer => HeldLogins.Create("smtp", observer)).Start();
        session.Client("EHLO mfp-3rd-floor\r\n");
        Assert.Equal("mfp-3rd-floor", session.Facts.Program);
        session.Client("EHLO not_a_name\r\n");
        Assert.Null(session.Facts.Program);
    }
}
