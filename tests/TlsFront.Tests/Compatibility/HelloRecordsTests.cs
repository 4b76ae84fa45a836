using System.Buffers.Binary;
using TlsFront.Compatibility;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Compatibility;

/// <summary>The same hello for another server name.</summary>
public sealed class HelloRecordsTests
{
    private static readonly string LongName = string.Join('.', Enumerable.Repeat(new string('a', 61), 4));

    public static TheoryData<string> Shipped => [.. HelloSet.ShippedNames];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Nothing_but_the_name_is_another(string resource)
    {
        var records = HelloFile.Parse(HelloSet.ReadResource(resource)).Hello!.Records;
        foreach (var name in (string[])["a.example", LongName])
        {
            var renamed = records.AskFor(name);
            Assert.Equal(records.NamesServer ? name : null, renamed.Hello.ServerName);
            Assert.Equal(records.Hello.ExtensionTypes.AsEnumerable(), renamed.Hello.ExtensionTypes);
            Assert.Equal(Ja4Of(records), Ja4Of(renamed));
            Assert.Equal(records.Octets, renamed.AskFor(records.Hello.ServerName).Octets);
        }
    }

    [Fact]
    public void Without_a_name_the_extension_is_gone()
    {
        var records = Read(new HelloBuilder().Groups(29).ServerName("mail.example.org").Versions(0x0304).Record());

        var renamed = records.AskFor(null);

        Assert.Equal([10, 43], renamed.Hello.ExtensionTypes.AsEnumerable());
        Assert.Equal(new HelloBuilder().Groups(29).Versions(0x0304).Record(), renamed.Octets);
    }

    [Fact]
    public void A_hello_that_names_no_server_stays_as_it_is()
    {
        var records = Read(new HelloBuilder { LegacyVersion = 0x0301, Suites = [5] }.Record());

        Assert.Same(records, records.AskFor("mail.example.org"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(16384)]
    public void Records_are_cut_where_the_client_cut_them(int size)
    {
        var message = new HelloBuilder().ServerName("mail.example.org").Extension(21, new byte[20_000]).Message();
        var records = Read(HelloBuilder.Records(message, size));

        var renamed = records.AskFor(LongName);

        Assert.Equal(LongName, renamed.Hello.ServerName);
        var lengths = LengthsOf(records).Zip(LengthsOf(renamed)).SkipLast(1).ToList();
        Assert.All(lengths, static pair => Assert.Equal(pair.First, pair.Second));
        Assert.All(LengthsOf(renamed), static length => Assert.InRange(length, 1, 16384));
    }

    [Fact]
    public void What_follows_in_the_last_record_is_too_much()
    {
        Assert.False(HelloRecords.TryRead(HelloBuilder.Records([.. new HelloBuilder().Message(), 0], 16384), out _, out var problem));
        Assert.Equal("more follows behind the hello", problem);
        Assert.False(HelloRecords.TryRead(default, out _, out problem));
        Assert.Equal("there is no octet", problem);
    }

    [Fact]
    public void There_is_always_room_for_the_longest_name()
    {
        byte[] Padded(int length) => HelloBuilder.Records(new HelloBuilder().ServerName("a").Extension(21, new byte[length]).Message(), 16384);

        Assert.Equal(LongName, Read(Padded(65_100)).AskFor(LongName).Hello.ServerName);
        Assert.False(HelloRecords.TryRead(Padded(65_200), out _, out var problem));
        Assert.Equal("the hello is too large to ask for another server name", problem);
    }

    private static string? Ja4Of(HelloRecords records) => TlsFront.Tls.Hello.Ja4.Of(records.Hello);

    private static HelloRecords Read(byte[] octets) => HelloRecords.TryRead(octets, out var records, out var problem) ? records
        : throw new ArgumentException(problem, nameof(octets));

    private static IEnumerable<int> LengthsOf(HelloRecords records)
    {
        for (var rest = records.Octets; !rest.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[3..]);
            yield return length;
            rest = rest[(5 + length)..];
        }
    }
}
