using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.ProxyProtocol;

/// <summary>The parser beside the writer and beside a model of version 1, on headers and on what is left of them after mutations.</summary>
public sealed partial class ProxyHeaderParserProperties
{
    private static readonly Gen<IPAddress> V4 = Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes));
    private static readonly Gen<IPAddress> V6 = Gen.OneOf(
        Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes)),
        Gen.Int[0, 15].Select(zeros => new IPAddress([.. new byte[zeros], .. Enumerable.Repeat((byte)7, 16 - zeros)])));
    private static readonly Gen<IPEndPoint> EndPoint = Gen.Select(
        Gen.OneOf(V4, V6), Gen.Int[0, 65535], (address, port) => new IPEndPoint(address, port));
    private static readonly Gen<byte[]> Header = Gen.Select(
        EndPoint, EndPoint, Gen.Bool, (client, local, isV1) => Write(client, local, isV1 ? ProxyHeaderVersion.V1 : ProxyHeaderVersion.V2));

    [Fact]
    public void What_the_writer_writes_is_read_back() => Gen.Select(EndPoint, EndPoint, Gen.Bool).Sample((client, local, isV1) =>
    {
        var bytes = Write(client, local, isV1 ? ProxyHeaderVersion.V1 : ProxyHeaderVersion.V2);
        return ProxyHeaderParser.Parse(bytes, out var length, out var header, out _) == OperationStatus.Done
            && length == bytes.Length && Normal(client).Equals(header!.Client) && Told(client, local).Equals(header.Local);
    });

    [Fact]
    public void Anything_ends_in_one_of_three_ways_and_cuts_never_change_which() => Gen.Select(Mutated(Header), Gen.Int[0, 400]).Sample((bytes, at) =>
    {
        var cut = bytes.AsSpan(0, Math.Min(at, bytes.Length));
        var whole = ProxyHeaderParser.Parse(bytes, out var length, out var header, out var refusal);
        var part = ProxyHeaderParser.Parse(cut, out var needed, out _, out _);
        return (header is not null) == (whole == OperationStatus.Done)
            && (refusal is not null) == (whole == OperationStatus.InvalidData)
            && part switch
            {
                OperationStatus.Done => whole == OperationStatus.Done && needed == length,
                OperationStatus.InvalidData => whole == OperationStatus.InvalidData,
                _ => needed > cut.Length && needed <= ProxyHeaderParser.MaximumLength && (whole != OperationStatus.Done || needed <= length),
            };
    });

    [Fact]
    public void Version_1_is_what_a_plain_model_takes_it_for() =>
        Mutated(Gen.Select(EndPoint, EndPoint, (client, local) => Write(client, local, ProxyHeaderVersion.V1))).Sample(bytes =>
        {
            var status = ProxyHeaderParser.Parse(bytes, out var length, out var header, out _);
            var match = Line().Match(Encoding.Latin1.GetString(bytes));
            var isRead = match.Success && match.Length <= 107 && Port(match, "dport") <= 65535;
            return !isRead || Model(match, "source", "sport", isV4: match.Groups["family"].Value == "4") is not { } client
                ? status != OperationStatus.Done || header!.Client is null
                : status == OperationStatus.Done && length == match.Length && client.Equals(header!.Client)
                    && Equals(Model(match, "destination", "dport", isV4: !match.Groups["destination"].Value.Contains(':')), header.Local);
        });

    private static Gen<byte[]> Mutated(Gen<byte[]> headers) =>
        Gen.Select(headers, Gen.Int[0, 3], Gen.Int[0, 300], Gen.Byte, (bytes, kind, at, value) =>
    {
        at %= bytes.Length;
        return kind switch
        {
            0 => [.. bytes, value],
            1 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ => (byte[])[.. bytes[..at], value, .. bytes[at..]],
        };
    });

    private static IPEndPoint? Model(Match match, string address, string port, bool isV4)
    {
        var text = match.Groups[address].Value;
        if (isV4 ? !V4Text().IsMatch(text) : !V6Text().IsMatch(text))
        {
            return null;
        }

        return IPAddress.TryParse(text, out var parsed) && Port(match, port) is <= 65535 and var number ? Normal(new(parsed, number)) : null;
    }

    private static int Port(Match match, string port) => int.Parse(match.Groups[port].Value, CultureInfo.InvariantCulture);

    /// <summary>What the writer makes of a destination: an IPv4 client's header has no place for an IPv6 one.</summary>
    private static IPEndPoint Told(IPEndPoint client, IPEndPoint local) =>
        Normal(client).Address.AddressFamily == AddressFamily.InterNetwork && Normal(local).Address.AddressFamily != AddressFamily.InterNetwork
            ? new(IPAddress.Any, local.Port)
            : Normal(local);

    private static byte[] Write(IPEndPoint client, IPEndPoint local, ProxyHeaderVersion version)
    {
        var buffer = new byte[536];
        var facts = new SessionFacts { Id = "1", HostName = "mail.example.com", Client = client, Local = local };
        return buffer[..ProxyHeaderWriter.Write(buffer, facts, new(version, buffer.Length))];
    }

    private static IPEndPoint Normal(IPEndPoint endpoint) =>
        endpoint.Address.IsIPv4MappedToIPv6 ? new(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;

    [GeneratedRegex(
        @"\APROXY TCP(?<family>[46]) (?<source>[0-9a-fA-F:.]+) (?<destination>[!-~]*) (?<sport>0|[1-9]\d{0,4}) (?<dport>0|[1-9]\d{0,4})\r\n")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}\z")]
    private static partial Regex V4Text();

    [GeneratedRegex(@"\A[0-9a-fA-F.]*:[0-9a-fA-F:.]*\z")]
    private static partial Regex V6Text();
}
