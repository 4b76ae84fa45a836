using System.Buffers;
using System.Text.Unicode;

namespace TlsFront.Configuration.Users;

/// <summary>A line of a user map: a user, spaces or tabs, and where to.</summary>
/// <param name="user">The user as it is written.</param>
/// <param name="target">Where to, as it is written; empty if that is missing.</param>
/// <param name="rest">What stands behind it and is no comment.</param>
internal readonly ref struct UserMapLine(ReadOnlySpan<byte> user, ReadOnlySpan<byte> target, ReadOnlySpan<byte> rest)
{
    /// <summary>Characters to decode a user in, two more than one may have: what is cut off here is too long in any case.</summary>
    public const int Room = UserKey.MaxLength + 2;

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    public ReadOnlySpan<byte> User { get; } = user;

    public ReadOnlySpan<byte> Target { get; } = target;

    public ReadOnlySpan<byte> Rest { get; } = rest;

    /// <summary>Whether there is nothing but a comment, or nothing at all.</summary>
    public bool IsEmpty => User.IsEmpty;

    /// <summary>The line read last.</summary>
    public static UserMapLine Of(ReadOnlySpan<byte> line, int number)
    {
        // Editors of Windows begin files with it.
        line = number == 1 && line.StartsWith(Mark) ? line[Mark.Length..] : line;
        var user = Word(ref line);
        var target = Word(ref line);
        return new(user, target, Word(ref line));
    }

    /// <summary>Decodes text into <paramref name="buffer"/>; false if it is not UTF-8. What does not fit is left out.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<char> buffer, out ReadOnlySpan<char> decoded)
    {
        var status = Utf8.ToUtf16(text, buffer, out _, out var length, replaceInvalidSequences: false);
        decoded = buffer[..length];
        return status is OperationStatus.Done or OperationStatus.DestinationTooSmall;
    }

    /// <summary>Takes the next word off the line; empty at its end and before a comment.</summary>
    private static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty || line[0] == '#')
        {
            return line = default;
        }

        var end = line.IndexOfAny(" \t"u8);
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }
}
