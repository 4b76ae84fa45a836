using System.Text;
using TlsFront.Compatibility;
using TlsFront.Tls.Hello;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// The file of a recorded hello: it ends with a hello or with one problem of one of its lines, what was read is what would be written, and the hello
/// can ask for any name. What is no such file is read as a server's flight.
/// </summary>
internal sealed class HelloFileTarget : IFuzzTarget
{
    private static readonly string LongName = string.Join('.', Enumerable.Repeat(new string('a', 61), 4));

    /// <inheritdoc/>
    public string Name => "hellofile";

    /// <inheritdoc/>
    public int MaximumLength => 4096;

    /// <inheritdoc/>
    public long MaximumAllocation => 16 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds =>
    [
        .. HelloSet.ShippedNames.Select(HelloSet.ReadResource),
        .. Bytes.Of(
            "\x16\x03\x03\0\x2a\x02\0\0\x26\x03\x03AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\xc0\x2f\0", "\x16\x03\x03\0\x08\x0c\0\0\x04\x03\0\x17\0",
            "\x15\x03\x03\0\x02\x02\x28")
    ];

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        "client: ", "library: ", "recorded: 2026-12-01\n", "source: ", "note: ", "ja4: ", "\n\n", "\r\n", "\n", ": ", "16030100", "0303", "0000",
        "ff01", "0000001500130000106d61696c2e6578616d706c652e6f7267", "t13d311000_e8f1e7e78f70_1f22a2ca17c4", "\xc3\xa9", "\xff", "\xc2\x85");

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        _ = ServerFlight.Read(input);
        var (hello, problem) = HelloFile.Parse(input);
        Assert.Equal(hello is null, problem is not null);
        if (hello is null)
        {
            var told = problem!.In("x.hello");
            Assert.DoesNotContain(told.ToString(), char.IsControl);
            Assert.NotEqual("", told.Remedy);
            Assert.InRange(told.Origin.Line ?? 1, 1, input.Count(static octet => octet == '\n') + 1);
            return;
        }

        var written = HelloFile.Format(hello);
        Assert.Equal(written, HelloFile.Format(HelloFile.Parse(Encoding.UTF8.GetBytes(written)).Hello!));
        foreach (var name in (string?[])[null, "a", LongName])
        {
            var renamed = hello.Records.AskFor(name);
            Assert.Equal(hello.Records.NamesServer ? name : null, renamed.Hello.ServerName);
            Assert.Equal(hello.Hello.CipherSuites.AsEnumerable(), renamed.Hello.CipherSuites);
            if (name is not null)
            {
                Assert.Equal(Ja4.Of(hello.Hello), Ja4.Of(renamed.Hello));
            }
        }
    }
}
