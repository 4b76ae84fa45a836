using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;

namespace TlsFront.SystemTests.Faults;

/// <summary>What clients were told about their messages, and what became of them.</summary>
internal sealed partial class Ledger
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = [];
    private readonly HashSet<string> _files = [];
    private readonly Dictionary<string, List<(string Submission, string Queue)>> _delivered = [];
    private int _number;

    /// <summary>Messages a server said 250 to.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>A subject no other message has.</summary>
    public string NewToken() => $"token-{Interlocked.Increment(ref _number)}";

    /// <summary>The client was told that the message is the server's now.</summary>
    public void Acknowledge(string token) => Assert.True(_acknowledged.TryAdd(token, true), $"{token} was acknowledged twice.");

    /// <summary>Waits until every acknowledged message is in its mailbox.</summary>
    public async Task<Deliveries> DeliveredAsync(IReadOnlyCollection<MailUser> users)
    {
        var missing = Acknowledged;
        try
        {
            await Eventually.TrueAsync(
                "every acknowledged message is delivered",
                () =>
                {
                    Read(users);
                    missing = _acknowledged.Keys.Count(token => !_delivered.ContainsKey(token));
                    return missing == 0;
                },
                TimeSpan.FromMinutes(1));
        }
        catch (Xunit.Sdk.XunitException)
        {
            // The figures tell how many, which is worth more than that some are.
        }

        return new Deliveries(
            Acknowledged,
            missing,
            _delivered.Keys.Count(token => !_acknowledged.ContainsKey(token)),
            _delivered.Values.Count(
                copies => copies.Select(copy => copy.Submission).Distinct().Count() > 1 || copies.Select(copy => copy.Queue).Distinct().Count() > 1),
            _delivered.Values.Count(copies => copies.Count > 1 && copies.Distinct().Count() == 1));
    }

    private void Read(IEnumerable<MailUser> users)
    {
        foreach (var file in users.Where(user => user.DeliveredCount > 0).SelectMany(user => Directory.GetFiles(user.Inbox)).Where(_files.Add))
        {
            var text = File.ReadAllText(file);
            var token = Subject().Match(text).Groups[1].Value;
            if (!_delivered.TryGetValue(token, out var copies))
            {
                _delivered[token] = copies = [];
            }

            copies.Add((SubmissionId().Match(text).Groups[1].Value, QueueId().Match(text).Groups[1].Value));
        }
    }

    [GeneratedRegex(@"^Subject: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Subject();

    [GeneratedRegex(@"by mail\.example\.test\s+with ESMTPSA\s+id (\S+)")]
    private static partial Regex SubmissionId();

    [GeneratedRegex(@"by postfix\.example\.test \(Postfix\) with \S+ id (\S+)")]
    private static partial Regex QueueId();
}
