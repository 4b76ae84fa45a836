using System.Text;
using TlsFront.Transport;

namespace TlsFront.Tests.Transport;

public sealed class TlsRecordTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(TlsRecord.MaxPlaintext)]
    public void What_fits_is_one_record(int length) => Assert.Equal(length, TlsRecord.NextLength(new byte[length]));

    [Fact]
    public void What_does_not_fit_is_cut_behind_a_line()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a line of 22 octets.\r\n", 1000)));
        var length = TlsRecord.NextLength(bytes);
        Assert.Equal(TlsRecord.MaxPlaintext / 22 * 22, length);
        Assert.Equal((byte)'\n', bytes[length - 1]);
    }

    [Fact]
    public void What_has_no_lines_is_cut_anywhere() =>
        Assert.Equal(TlsRecord.MaxPlaintext, TlsRecord.NextLength(new byte[TlsRecord.MaxPlaintext + 1]));
}
