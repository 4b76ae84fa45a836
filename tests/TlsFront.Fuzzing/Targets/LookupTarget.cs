using System.Globalization;
using System.Net;
using System.Text;
using TlsFront.Connections;
using TlsFront.Routing.Lookup;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// Answers to lookups, header by header: whatever a service says, what the client hears is one line of text, what names a server is an address, and
/// in which order it was said makes no difference. The same octets as a name that is asked about leave the request with nothing that ends a header.
/// </summary>
internal sealed class LookupTarget : IFuzzTarget
{
    private const char Good = 'O';

    /// <inheritdoc/>
    public string Name => "lookup";

    /// <inheritdoc/>
    public int MaximumLength => 4096;

    /// <inheritdoc/>
    public long MaximumAllocation => 8 << 20;

    /// <inheritdoc/>
    public string Heads => "OE";

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
        "OAuth-Status: OK\nAuth-Server: 192.0.2.1\nAuth-Port: 10143\n",
        "OAuth-Status: OK\nAuth-Server: [2001:db8::1]\nAuth-Port: 143\nAuth-User: bob\nAuth-Pass: s3cr3t\n",
        "OAuth-Status: WAIT\nAuth-Wait: 5\n", "OAuth-Status: Invalid login\nAuth-Wait: 3\nAuth-Error-Code: 535 5.7.8\n",
        "EAuth-Status: OK\n", "OAuth-Status: OK\nAuth-Status: OK\n");

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        "Auth-Status", "Auth-Server", "Auth-Port", "Auth-User", "Auth-Pass", "Auth-Wait", "Auth-Error-Code", ": ", "\n", "OK", "WAIT", "0", "30",
        "31",
        "65535", "65536", "-1", "+1", "99999999999", "421", "421 4.7.0", "535 5.7.8", "450", "450 4.1.1000", "\xc3\xa9", "\xff", "\xe2\x80\xa8", "\0",
        "192.0.2.1", "::1", "%25", "[", "a.b", " ", "\t", "\r");

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        CheckEncoding(input);
        if (input.Length == 0)
        {
            return;
        }

        var lines = Encoding.Latin1.GetString(input, 1, input.Length - 1).Split('\n');
        var answer = Read(input[0], lines);
        Check(answer, isGood: input[0] == Good);
        Array.Reverse(lines);
        Assert.Equal(Describe(answer), Describe(Read(input[0], lines)));
    }

    private static LookupAnswer Read(byte head, string[] lines)
    {
        using var response = new HttpResponseMessage(head == Good ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        foreach (var line in lines)
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                response.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim());
            }
        }

        return LookupAnswerReader.Read(response);
    }

    private static void Check(LookupAnswer answer, bool isGood)
    {
        Assert.InRange(answer.Wait, TimeSpan.Zero, LookupAnswerReader.MaxWait);
        Assert.True(answer.Detail is null || answer.Detail.All(static letter => letter is >= ' ' and <= '~'));
        Assert.Equal(answer.Result == LookupResult.Refused, answer.Refusal is not null);
        switch (answer.Result)
        {
            case LookupResult.Found:
                Assert.True(isGood);
                Assert.InRange(answer.Port, 1, 65535);
                Assert.InRange(answer.Server.Length, 1, 255);
                Assert.DoesNotContain(answer.Server, static letter => letter is <= ' ' or > '~' or '/' or '"');
                Assert.True(answer.User is null || UserName.FromUtf8(Encoding.UTF8.GetBytes(answer.User)) == answer.User);
                Assert.True(answer.Password is null || answer.Password.Length is > 0 and <= BackendLogin.MaxPassword);
                break;
            case LookupResult.Refused:
                Assert.True(isGood);
                Assert.InRange(answer.Refusal!.Words.Length, 1, 256);
                Assert.True(answer.Refusal.Words.All(static letter => letter is >= ' ' and <= '~'));
                Assert.Matches(@"\A(?!421)[45]\d\d( [45]\.\d{1,3}\.\d{1,3})?\z", answer.Refusal.Code);
                break;
            case LookupResult.Wait:
                Assert.True(isGood);
                break;
            default:
                Assert.True(answer.Result is LookupResult.BadAnswer or LookupResult.HttpStatus);
                Assert.Equal(isGood, answer.Result == LookupResult.BadAnswer);
                break;
        }
    }

    private static string Describe(LookupAnswer answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Result} {answer.Server} {answer.Port} {answer.User} {Convert.ToHexString(answer.Password ?? [])} {answer.Wait} "
            + $"{answer.Refusal}");

    private static void CheckEncoding(byte[] input)
    {
        var text = LookupRequest.Encode(input);
        Assert.DoesNotContain(text, static letter => letter is <= ' ' or > '\u00ff');
        var decoded = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                decoded.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                decoded.Add((byte)text[i]);
            }
        }

        Assert.Equal(input, decoded);
    }
}
