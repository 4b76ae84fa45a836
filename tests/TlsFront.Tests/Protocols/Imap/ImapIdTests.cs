namespace TlsFront.Tests.Protocols.Imap;

public class ImapIdTests
{
    private const string Ours = "\"proxy\" \"TlsFront\"";

    [Theory]
    [InlineData("NIL", $"({Ours})")]
    [InlineData("nil", $"({Ours})")]
    [InlineData("()", $"({Ours})")]
    [InlineData("(\"name\" \"mutt\")", $"(\"name\" \"mutt\" {Ours})")]
    [InlineData("(\"name\" \"mutt\" \"version\" NIL)", $"(\"name\" \"mutt\" \"version\" NIL {Ours})")]
    [InlineData("(\"x-originating-ip\" \"192.0.2.1\")", $"({Ours})")]
    [InlineData("(\"name\" \"mutt\" \"X-Session-ID\" \"a\" \"os\" \"b\")", $"(\"name\" \"mutt\" \"os\" \"b\" {Ours})")]
    [InlineData("(\"X-FORWARD-user\" \"a\"  \"name\" \"x-y\")", $"(\"name\" \"x-y\" {Ours})")]
    public void Fields_pass_without_those_that_claim_to_be_a_proxys(string given, string forwarded)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID {given}\r\n");
        Assert.Equal($"a ID {forwarded}\r\n", session.ToBackend);
        session.Backend("* ID NIL\r\na OK done\r\n");
        Assert.Equal("* ID NIL\r\na OK done\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("\"name\" \"mutt\"")]
    [InlineData("(\"name\")")]
    [InlineData("(\"name\" mutt)")]
    [InlineData("(name \"mutt\")")]
    [InlineData("(x-originating-ip \"192.0.2.1\")")]
    [InlineData("(\"\\x-originating-ip\" \"192.0.2.1\")")]
    [InlineData("(\"name\"  \"mutt\")")]
    [InlineData("(\"name\" \"mutt\"\"x-a\" \"b\")")]
    [InlineData("(\"name\" (\"x-a\" \"b\"))")]
    [InlineData("(\"name\" \"mutt)")]
    [InlineData("(\"name\" {4}")]
    public void What_a_backend_might_read_differently_is_refused(string arguments)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID {arguments}\r\n");
        Assert.Equal("a BAD ID takes NIL or a list of quoted strings\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
    }

    [Fact]
    public void A_literal_in_an_ID_is_dropped_with_it()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID ({16+}\r\nx-originating-ip {9+}\r\n192.0.2.1)\r\nb NOOP\r\n");
        Assert.Equal("a BAD ID takes NIL or a list of quoted strings\r\n", session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Theory]
    [InlineData(30, 1024, 30, true)]
    [InlineData(31, 10, 1, false)]
    [InlineData(30, 1025, 1, false)]
    [InlineData(1, 1, 31, false)]
    public void The_limits_of_the_rfc_hold(int key, int value, int fields, bool accepted)
    {
        var session = ImapMachineTests.Greeted();
        var list = string.Join(' ', Enumerable.Repeat($"\"{new string('k', key)}\" \"{new string('v', Math.Min(value, value * 6000 / (fields * value)))}\"", fields));
        session.Client($"a ID ({list})\r\n");
        Assert.Equal(accepted, session.ToBackend.Length > 0);
        Assert.True(!accepted || session.ToBackend == $"a ID ({list})\r\n");
    }
}
