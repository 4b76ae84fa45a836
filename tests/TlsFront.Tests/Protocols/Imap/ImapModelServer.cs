using System.Text;

namespace TlsFront.Tests.Protocols.Imap;

/// <summary>
/// An IMAP server as far as its login goes, which never heard of LITERAL+ and answers as a seeded die decides. What it takes for a
/// command is what a smuggler would have achieved.
/// </summary>
internal sealed class ImapModelServer(int seed)
{
    public const string Capabilities =
        "IMAP4rev1 STARTTLS IDLE LOGINDISABLED AUTH=PLAIN AUTH=SCRAM-SHA-1-PLUS LOGIN-REFERRALS UNAUTHENTICATE X-SECRET AUTH=GSSAPI";

    private readonly Random _random = new(seed);
    private readonly StringBuilder _input = new();
    private readonly StringBuilder _command = new();
    private int _literal;
    private bool _inDialogue;

    /// <summary>The commands it took, literals included.</summary>
    public List<string> Executed { get; } = [];

    public string Receive(string bytes)
    {
        _input.Append(bytes);
        var output = new StringBuilder();
        while (true)
        {
            if (_literal > 0)
            {
                var piece = Math.Min(_literal, _input.Length);
                _command.Append(_input, 0, piece);
                _input.Remove(0, piece);
                _literal -= piece;
            }

            var end = _literal > 0 ? -1 : _input.ToString().IndexOf('\n');
            if (end < 0)
            {
                return output.ToString();
            }

            var line = _input.ToString(0, end + 1);
            _input.Remove(0, end + 1);
            Assert.EndsWith("\r\n", line);
            output.Append(Answer(line[..^2]));
        }
    }

    private string Answer(string line)
    {
        _command.Append(line);
        if (!_inDialogue && line.EndsWith('}') && int.TryParse(line[(line.LastIndexOf('{') + 1)..^1], out _literal) && _random.Next(4) > 0)
        {
            return "+ OK\r\n";
        }

        _literal = 0;
        var command = _command.ToString();
        var words = command.Split(' ', 3);
        if (words.Length > 1 && words[1].Equals("AUTHENTICATE", StringComparison.OrdinalIgnoreCase) && _random.Next(3) > 0)
        {
            _inDialogue = true;
            _command.Append("\r\n");
            return "+ \r\n";
        }

        _inDialogue = false;
        _command.Clear();
        Executed.Add(command);
        return _random.Next(8) switch
        {
            0 => $"* CAPABILITY {Capabilities}\r\n{words[0]} OK done\r\n",
            1 => $"{words[0]} OK [CAPABILITY {Capabilities}] done\r\n",
            2 => $"* ID (\"a\" {{3}}\r\nx\r\n)\r\n{words[0]} BAD no\r\n",
            3 => $"{words[0]} BAD no\r\n",
            _ => $"{words[0]} NO no\r\n",
        };
    }
}
