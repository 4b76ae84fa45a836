using System.Runtime.Versioning;
using System.Security.Cryptography;
using TlsFront.Tls.Tickets;

namespace TlsFront.Tests.Tls;

[UnsupportedOSPlatform("windows")]
public sealed class TicketKeyStoreTests : IDisposable
{
    private readonly TicketKeyFolder _folder = new();
    private readonly byte[] _first = RandomNumberGenerator.GetBytes(TicketKey.Length);
    private readonly byte[] _second = RandomNumberGenerator.GetBytes(TicketKey.Length);

    private TicketKeyStore Store => _folder.Store;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_files_there_are_no_keys()
    {
        Assert.Empty(Store.UpdateFiles([]));
        TicketKeyFolder.Settle(Store);
        Assert.Empty(Names());
        Assert.Empty(_folder.Logged);
    }

    [Fact]
    public void A_key_is_name_hmac_and_cipher_key_in_that_order()
    {
        Assert.Empty(Store.UpdateFiles([_folder.Write("now", _first)]));
        var key = Store.Current[0];
        Assert.Equal<byte>(_first, (byte[])[.. key.Name, .. key.Hmac, .. key.Aes]);
        Assert.Equal((16, 32, 32), (key.Name.Length, key.Hmac.Length, key.Aes.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    [InlineData(79)]
    [InlineData(81)]
    public void A_file_of_another_length_is_named_with_its_length_and_the_remedy(int length)
    {
        var good = _folder.Write("good");
        var bad = _folder.Write("bad", new byte[length]);
        Assert.Equal(
            [$"{bad}: the session ticket key has {length} octets and must have 80; make it with: openssl rand -out {bad} 80"],
            Store.UpdateFiles([good, bad]));
        Assert.Empty(Names());
    }

    [Fact]
    public void Every_file_that_cannot_be_used_is_named_at_once()
    {
        Directory.CreateDirectory(_folder.At("folder"));
        var problems = Store.UpdateFiles([_folder.At("missing"), _folder.At("folder"), _folder.Write("short", new byte[5])]);
        Assert.Equal(3, problems.Count);
        Assert.Contains("openssl rand", problems[0], StringComparison.Ordinal);
        Assert.StartsWith(_folder.At("folder"), problems[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_open_to_others_is_used_and_warned_of(UnixFileMode others)
    {
        var file = _folder.Write("now", _first);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Empty(Store.UpdateFiles([file]));
        Assert.Equal([Name(_first)], Names());
        Assert.Contains(
            _folder.Logged,
            line => line.StartsWith($"Warning {file}", StringComparison.Ordinal) && line.EndsWith($"chmod 640 {file}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_root_that_the_gateways_group_reads_is_as_it_should_be()
    {
        var file = _folder.Write("now", _first);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Empty(Store.UpdateFiles([file]));
        Assert.DoesNotContain(_folder.Logged, static line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_file_is_taken_at_the_second_look_that_finds_it()
    {
        var file = _folder.Write("now", _first);
        Store.UpdateFiles([file]);
        TicketKeyFolder.Settle(Store);
        _folder.Write("now", _second);
        Store.Refresh();
        Assert.Equal([Name(_first)], Names());
        Store.Refresh();
        Assert.Equal([Name(_second)], Names());
        TicketKeyFolder.Settle(Store);
        Assert.Equal(2, _folder.Logged.Count());
    }

    [Fact]
    public void A_rotation_over_several_files_is_taken_as_a_whole()
    {
        var now = _folder.Write("now", _first);
        var before = _folder.Write("before", _second);
        var third = RandomNumberGenerator.GetBytes(TicketKey.Length);
        Store.UpdateFiles([now, before]);
        TicketKeyFolder.Settle(Store);
        File.Move(now, before, overwrite: true);
        Store.Refresh();
        _folder.Write("now", third);
        Store.Refresh();
        Assert.Equal([Name(_first), Name(_second)], Names());
        Store.Refresh();
        Assert.Equal([Name(third), Name(_first)], Names());
        Assert.DoesNotContain(_folder.Logged, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_half_written_leaves_the_keys_and_is_told_once()
    {
        var file = _folder.Write("now", _first);
        Store.UpdateFiles([file]);
        TicketKeyFolder.Settle(Store);
        _folder.Write("now", _second[..40]);
        TicketKeyFolder.Settle(Store);
        TicketKeyFolder.Settle(Store);
        Assert.Equal([Name(_first)], Names());
        Assert.Equal(
            $"Error Session ticket keys not read again, keeping the previous ones until the files are fixed: {file}: the session ticket key has 40 "
            + $"octets and must have 80; make it with: openssl rand -out {file} 80",
            Assert.Single(_folder.Logged, line => line.StartsWith("Error", StringComparison.Ordinal)));

        _folder.Write("now", _second);
        TicketKeyFolder.Settle(Store);
        Assert.Equal([Name(_second)], Names());
    }

    [Fact]
    public void A_deleted_file_leaves_the_keys()
    {
        var file = _folder.Write("now", _first);
        Store.UpdateFiles([file]);
        File.Delete(file);
        TicketKeyFolder.Settle(Store);
        Assert.Equal([Name(_first)], Names());
    }

    [Fact]
    public void New_files_that_cannot_be_used_leave_the_previous_files_and_keys()
    {
        Store.UpdateFiles([_folder.Write("now", _first)]);
        var next = _folder.Write("next", new byte[3]);
        Assert.Single(Store.UpdateFiles([next]));
        Assert.Equal([Name(_first)], Names());
        _folder.Write("now", _second);
        TicketKeyFolder.Settle(Store);
        Assert.Equal([Name(_second)], Names());
    }

    [Fact]
    public void Files_no_longer_configured_take_their_keys_along()
    {
        Store.UpdateFiles([_folder.Write("now", _first)]);
        Store.UpdateFiles([]);
        Assert.Empty(Names());
    }

    [Fact]
    public void No_key_is_logged()
    {
        var file = _folder.Write("now", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"u8.ToArray());
        Store.UpdateFiles([file]);
        Assert.DoesNotContain(_folder.Logged, line => line.Contains("89abcd", StringComparison.Ordinal));
    }

    private static string Name(byte[] octets) => Convert.ToHexString(octets.AsSpan(0, TicketKey.NameLength));

    private List<string> Names()
    {
        var names = new List<string>();
        foreach (var key in Store.Current)
        {
            names.Add(Convert.ToHexString(key.Name));
        }

        return names;
    }
}
