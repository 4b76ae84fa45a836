using TlsFront.Handover;

namespace TlsFront.Tests.Handover;

/// <summary>The state of a session as octets.</summary>
public sealed class StateTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        using var writer = Sample();
        var reader = new StateReader(writer.Written);

        Assert.Equal(7, reader.ReadByte());
        Assert.True(reader.ReadBoolean());
        Assert.Equal(-5, reader.ReadInt32());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        Assert.True(reader.ReadBytes().SequenceEqual(new byte[3000]));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_state_that_ends_too_early_is_refused_wherever_it_ends()
    {
        using var writer = Sample();
        for (var length = 0; length < writer.Written.Length; length++)
        {
            var part = writer.Written[..length].ToArray();
            Assert.Throws<HandoverException>(() => ReadAll(part));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    public void A_length_that_is_none_is_refused(int length)
    {
        using var writer = new StateWriter();
        writer.Write(length);
        var bytes = writer.Written.ToArray();

        Assert.Throws<HandoverException>(() => new StateReader(bytes).ReadBytes().Length);
    }

    [Fact]
    public void Yes_and_no_are_the_only_answers() => Assert.Throws<HandoverException>(() => new StateReader([2]).ReadBoolean());

    [Fact]
    public unsafe void Nothing_of_it_stays_in_memory()
    {
        var writer = new StateWriter();
        writer.Write("secret"u8);
        fixed (byte* start = writer.Written)
        {
            var memory = new ReadOnlySpan<byte>(start, writer.Written.Length);
            writer.Dispose();
            Assert.Equal(-1, memory.IndexOfAnyExcept((byte)0));
        }
    }

    private static StateWriter Sample()
    {
        var writer = new StateWriter();
        writer.Write((byte)7);
        writer.Write(true);
        writer.Write(-5);
        writer.Write(ulong.MaxValue);
        writer.Write(new byte[3000]);
        return writer;
    }

    private static void ReadAll(byte[] bytes)
    {
        var reader = new StateReader(bytes);
        reader.ReadByte();
        reader.ReadBoolean();
        reader.ReadInt32();
        reader.ReadUInt64();
        reader.ReadBytes();
    }
}
