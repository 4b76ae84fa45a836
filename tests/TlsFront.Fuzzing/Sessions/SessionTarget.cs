using System.Text;
using TlsFront.Backends.Probes;
using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Sessions;

/// <summary>
/// A machine between two sides that say anything: cuts and stalls change nothing, no bound of a call is broken, and no password gets into a
/// report. An input that begins with a digit plays the client's side alone, with the model of a server that the digit chooses: see
/// <see cref="Oracle"/>.
/// </summary>
/// <param name="protocol">What it speaks.</param>
/// <param name="servers">The models of servers for it; the first one reads by the letter.</param>
internal abstract class SessionTarget(MailProtocol protocol, IReadOnlyList<Func<byte[], ModelServer>> servers) : IFuzzTarget
{
    /// <summary>The password in words and seeds; nothing that is logged may hold it.</summary>
    protected const string Password = "s3cr3t";

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public int MaximumLength => 1536;

    /// <inheritdoc/>
    public long MaximumAllocation => 256 << 20;

    /// <inheritdoc/>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<byte[]> Words { get; }

    /// <inheritdoc/>
    public string Heads => "0123456789"[..servers.Count];

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        if (input.Length > 0 && input[0] >= '0' && input[0] < '0' + servers.Count)
        {
            PlayServer(new(input[1..]), servers[input[0] - '0']);
            return;
        }

        var script = new SessionScript(input);
        var whole = SessionPlayer.Play(script, observer => Create(script, observer), SessionPlayer.Arrival.Whole, out var expected);
        // One of the other ways for each input: more inputs find more than more ways for each.
        var arrival = (SessionPlayer.Arrival)(1 + (input.Sum(octet => octet) % 3));
        CheckArrival(script, arrival, whole, expected);
        CheckReports(whole, script);
        CheckProbe(script.BackendBytes);
        CheckSession(script, whole);
        PlayServer(script, servers[0]);
    }

    // What the backend would say decides what the model says.
    private void PlayServer(SessionScript script, Func<byte[], ModelServer> server) =>
        new Oracle(observer => Create(script, observer), server(script.BackendBytes))
        .Play([.. script.Pieces.Where(piece => piece.FromClient && piece.Bytes.Length > 0).Select(piece => Encoding.Latin1.GetString(piece.Bytes))]);

    private void CheckArrival(SessionScript script, SessionPlayer.Arrival arrival, MachineHarness whole, List<SessionPlayer.State> expected)
    {
        var other = SessionPlayer.Play(script, observer => Create(script, observer), arrival, out var seen);
        var certain = Math.Min(expected.Count, seen.Count);
        if (certain == 0)
        {
            return;
        }

        var (last, what) = (expected[certain - 1], $"{arrival}, after piece {certain}");
        if (IsSame() || DependsOnArrival(script, whole) || DependsOnArrival(script, other))
        {
            return;
        }

        Assert.Equal(expected[..certain], seen[..certain]);
        Assert.True(
            whole.ToClient[..last.ToClient] == other.ToClient[..last.ToClient], $"{what}: to client\n{whole.ToClient}\nbecomes\n{other.ToClient}");
        Assert.True(
            whole.ToBackend[..last.ToBackend] == other.ToBackend[..last.ToBackend],
            $"{what}: to backend\n{whole.ToBackend}\nbecomes\n{other.ToBackend}");
        Assert.Equal(whole.Reports[..last.Reports], other.Reports[..last.Reports]);

        // With as many octets and reports on both ways, which the states count.
        bool IsSame() => expected[..certain].SequenceEqual(seen[..certain])

            && whole.ToClient[..last.ToClient] == other.ToClient[..last.ToClient]
            && whole.ToBackend[..last.ToBackend] == other.ToBackend[..last.ToBackend]
            && whole.Reports[..last.Reports].SequenceEqual(other.Reports[..last.Reports]);
    }

    /// <summary>Makes the machine.</summary>
    protected abstract MailMachine Create(SessionScript script, ISessionObserver observer);

    /// <summary>Checks a session with a backend that says anything.</summary>
    protected virtual void CheckSession(SessionScript script, MachineHarness session)
    {
    }

    /// <summary>
    /// Whether the session ends over something that can only be told from bytes that arrive together. Asked where two arrivals differ.
    /// </summary>
    protected virtual bool DependsOnArrival(SessionScript script, MachineHarness session) => false;

    /// <summary>A password is no user name, unless the client itself put it there.</summary>
    protected static void CheckReports(MachineHarness session, SessionScript script)
    {
        foreach (var report in session.Reports.Where(report => report.Contains(Password, StringComparison.Ordinal)))
        {
            Assert.True(IsGivenAsName(Encoding.Latin1.GetString(script.ClientBytes), report["login ".Length..]), $"A password is reported: {report}");
        }
    }

    /// <summary>What the health probe makes of the same bytes: its verdict never changes once it has one, and its words are printable.</summary>
    private void CheckProbe(byte[] received)
    {
        var verdict = GreetingVerdict.Incomplete;
        for (var length = 0; length <= received.Length && verdict == GreetingVerdict.Incomplete; length++)
        {
            verdict = ProbeDialogue.Judge(protocol, received.AsSpan(0, length), out _);
        }

        Assert.Equal(verdict, ProbeDialogue.Judge(protocol, received, out _));
        Assert.True(verdict != GreetingVerdict.Incomplete || received.Length <= ProbeDialogue.MaximumGreeting);
        Assert.DoesNotContain(ProbeDialogue.FirstLine(received), letter => letter is < ' ' or > '~');
    }

    // Mutations put the password everywhere, in the place of a name too.
    private static bool IsGivenAsName(string client, string user)
    {
        foreach (var word in client.Split(' ', '\r', '\n', '"', '(', ')', '='))
        {
            var buffer = new byte[word.Length + 3];
            foreach (var padding in new[] { "", "=", "==" })
            {
                if (Convert.TryFromBase64String(word + padding, buffer, out var length))
                {
                    var parts = Encoding.UTF8.GetString(buffer, 0, length).Split('\0');
                    if (parts.Length < 3 ? parts.Any(part => part.Contains(user, StringComparison.Ordinal)) : parts[0] == user || parts[1] == user)
                    {
                        return true;
                    }
                }
            }
        }

        return client.Contains($"USER {user}", StringComparison.OrdinalIgnoreCase)
            || client.Contains($"APOP {user}", StringComparison.OrdinalIgnoreCase)

            || client.Contains($"LOGIN {user}", StringComparison.OrdinalIgnoreCase)
            || client.Contains($"LOGIN \"{user}", StringComparison.OrdinalIgnoreCase)
            || client.Contains($"}}\r\n{user}", StringComparison.Ordinal);
    }
}
