using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapIdTests
{
    private const string Ours = "\"proxy\" \"TlsFront\"";
    private const string BadSyntax = "a BAD ID takes NIL or a list of strings without CR, LF and NUL\r\n";

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
    [InlineData("{0}", "* BYE Too many errors\r\n")]
    [InlineData("{0+}", BadSyntax)]
    public void Any_number_of_literals_may_come_at_once(string literal, string answer)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID ({string.Concat(Enumerable.Repeat($" {literal}\r\n", 2000))})\r\n");
        Assert.EndsWith(answer, session.ToClient);
        Assert.Equal("", session.ToBackend);
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
    [InlineData("(\"name\" ~{4}")]
    [InlineData("(\"name\" ~{4+}\r\nmutt)")]
    [InlineData("(\"name\" \"{4}")]
    [InlineData("(\"name\" {4-}")]
    [InlineData("(\"name\" {4})")]
    [InlineData("(\"name\"\t\"mutt\")")]
    [InlineData("(\"\" \"mutt\")")]
    [InlineData("(\"name\" \"mutt\") ")]
    [InlineData("(\"name\" \"mutt\"))")]
    [InlineData("(\"name\" NILX)")]
    public void What_a_backend_might_read_differently_is_refused(string arguments)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID {arguments}\r\nb NOOP\r\n");
        Assert.Equal(BadSyntax, session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Theory]
    [InlineData("{4+}\r\nname {4+}\r\nmutt", "\"name\" \"mutt\" ")]
    [InlineData("\"name\" {04+}\r\nmutt", "\"name\" \"mutt\" ")]
    [InlineData("{4+}\r\nname NIL", "\"name\" NIL ")]
    [InlineData("{4+}\r\nname \"mutt\" \"os\" {0+}\r\n", "\"name\" \"mutt\" \"os\" \"\" ")]
    [InlineData("{16+}\r\nx-originating-ip {9+}\r\n192.0.2.1", "")]
    [InlineData("{12+}\r\nX-Session-ID NIL \"os\" {1+}\r\na", "\"os\" \"a\" ")]
    [InlineData("\"name\" {8+}\r\na\"b\\c(d)", "\"name\" \"a\\\"b\\\\c(d)\" ")]
    [InlineData("{2+}\r\na\" \"v\"", "\"a\\\"\" \"v\" ")]
    [InlineData("\"name\" {5+}\r\nM\u00FCtt\t", "\"name\" \"M\u00FCtt\t\" ")]
    [InlineData("\"name\" {14+}\r\n\" \"x-a\" \"b\") y", "\"name\" \"\\\" \\\"x-a\\\" \\\"b\\\") y\" ")]
    public void Literals_of_names_and_values_are_forwarded_as_quoted_strings(string fields, string forwarded)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID ({fields})\r\nb NOOP\r\n");
        Assert.Equal($"a ID ({forwarded}{Ours})\r\n", session.TakeToBackend());
        session.Backend("* ID NIL\r\na OK done\r\n");
        Assert.Equal("* ID NIL\r\na OK done\r\n", session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void A_synchronising_literal_gets_its_go_ahead_here()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID ({4}\r\n");
        Assert.Equal("+ OK\r\n", session.TakeToClient());
        session.Client("name {4}\r\n");
        Assert.Equal("+ OK\r\n", session.TakeToClient());
        session.Client("mutt \"os\" {5+}\r\nLinux)\r\n");
        Assert.Equal("", session.ToClient);
        Assert.Equal($"a ID (\"name\" \"mutt\" \"os\" \"Linux\" {Ours})\r\n", session.TakeToBackend());
        session.Backend("a OK done\r\n");
        session.Client("b ID (\"name\" {4}\r\n");
        Assert.Equal("a OK done\r\n+ OK\r\n", session.ToClient);
    }

    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_literal_that_no_quoted_string_can_hold_is_refused_whole(string octets)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID (\"name\" {{3+}}\r\n{octets})\r\nb ID ({{3+}}\r\n{octets} NIL)\r\nc NOOP\r\n");
        Assert.Equal(BadSyntax + BadSyntax.Replace("a BAD", "b BAD", StringComparison.Ordinal), session.ToClient);
        Assert.Equal("c NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void A_quoted_string_does_not_reach_over_the_end_of_a_line()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID (\"name {3+}\r\nabc\" \"mutt\")\r\nb NOOP\r\n");
        Assert.Equal(BadSyntax, session.ToClient);
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Theory]
    [InlineData(30, 1024, 30, true)]
    [InlineData(31, 10, 1, false)]
    [InlineData(30, 1025, 1, false)]
    [InlineData(1, 1, 31, false)]
    public void The_limits_of_the_rfc_hold(int key, int value, int fields, bool accepted)
    {
        var list = string.Join(' ', Enumerable.Repeat($"\"{new string('k', key)}\" \"{new string('v', value)}\"", fields));
        AssertLimits($"({list})", $"({list})", accepted);
    }

    [Theory]
    [InlineData(30, 1024, 30, true, "")]
    [InlineData(31, 10, 1, false, "")]
    [InlineData(1, 1, 31, false, "+")]
    [InlineData(30, 1024, 30, true, "+")]
    public void The_limits_of_the_rfc_hold_for_literals(int key, int value, int fields, bool accepted, string plus)
    {
        var field = $"{{{key}{plus}}}\r\n{new string('k', key)} {{{value}{plus}}}\r\n{new string('v', value)}";
        var quoted = $"\"{new string('k', key)}\" \"{new string('v', value)}\"";
        AssertLimits($"({string.Join(' ', Enumerable.Repeat(field, fields))})", $"({string.Join(' ', Enumerable.Repeat(quoted, fields))})", accepted);
    }

    [Fact]
    public void A_literal_above_the_number_of_strings_gets_no_go_ahead()
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID (");
        for (var literals = 0; literals < 60; literals++)
        {
            session.Client("{1}\r\n");
            Assert.Equal("+ OK\r\n", session.TakeToClient());
            session.Client("k ");
        }

        session.Client("{1}\r\n");
        Assert.Equal("a NO [LIMIT] ID has at most 30 fields, with names of 30 and values of 1024 octets\r\n", session.TakeToClient());
        session.Client("b NOOP\r\n");
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Fact]
    public void An_escape_counts_as_one_octet()
    {
        var list = $"(\"name\" \"{string.Concat(Enumerable.Repeat("\\\"", 1024))}\")";
        AssertLimits(list, list[..^1] + $" {Ours})", accepted: true);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\\')]
    public void A_literal_of_nothing_but_escapes_is_forwarded_in_pieces(char octet)
    {
        var value = new string(octet, 1024);
        var fields = string.Join(' ', Enumerable.Repeat($"\"k\" {{1024+}}\r\n{value}", 5));
        var quoted = string.Concat(Enumerable.Repeat($"\\{octet}", 1024));
        var forwarded = string.Join(' ', Enumerable.Repeat($"\"k\" \"{quoted}\"", 5));
        AssertLimits($"({fields})", $"({forwarded} {Ours})", accepted: true);
    }

    [Theory]
    [InlineData("{1025}", false)]
    [InlineData("{1025+}", true)]
    public void A_literal_above_the_limit_is_refused_when_it_is_announced(string literal, bool sends)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID (\"name\" {literal}\r\n");
        Assert.Equal("a NO [LIMIT] A value of ID has at most 1024 octets\r\n", session.ToClient);
        session.Client(sends ? new string('x', 1025) + ")\r\nb NOOP\r\n" : "b NOOP\r\n");
        Assert.Equal("b NOOP\r\n", session.ToBackend);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\"k\" {4+}\r\nxxxx ")]
    public void An_ID_without_end_is_not_kept_for_ever(string piece)
    {
        var session = ImapMachineTests.Greeted();
        session.Client("a ID (" + string.Concat(Enumerable.Repeat(piece, (40_000 / piece.Length) + 1)));
        Assert.Equal(CloseReason.LineTooLong, session.Closed);
        Assert.Equal("* BYE [LIMIT] Line or literal too long\r\n", session.ToClient);
        Assert.Equal("", session.ToBackend);
    }

    [Theory]
    [InlineData("a ID\r\n")]
    [InlineData("a ID \r\n")]
    [InlineData("a id  NIL\r\n")]
    [InlineData("a ID {3+}\r\nNIL\r\n")]
    public void ID_takes_a_list(string command)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command);
        Assert.Equal(BadSyntax, session.ToClient);
        Assert.Equal("", session.ToBackend);
    }

    private static void AssertLimits(string given, string forwarded, bool accepted)
    {
        var session = ImapMachineTests.Greeted();
        session.Client($"a ID {given}\r\nb NOOP\r\n");
        Assert.Equal(accepted ? $"a ID {forwarded}\r\n" : "b NOOP\r\n", session.ToBackend);
        Assert.EndsWith(accepted ? "" : "a NO [LIMIT] ID has at most 30 fields, with names of 30 and values of 1024 octets\r\n", session.ToClient);
        Assert.Null(session.Closed);
    }
}
