using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.Protocols.HeldLogin;

/// <summary>
/// The octets of a login that waits for its backend, the only place where they are kept: pinned, so that no collection leaves a copy behind, and
/// cleared before anybody else gets the array. What arrived and was not looked at yet stands behind the parts of the login so far.
/// </summary>
internal sealed class LoginBuffer
{
    /// <summary>Most octets: of a login, as many as the longest line of SASL has in any protocol.</summary>
    public const int MaxLength = EmitBuffer.KeptCapacity;

    /// <summary>Most parts of a login; that of IMAP with two literals has three.</summary>
    private const int MaxParts = 8;

    /// <summary>What nearly every login and every other command fits into.</summary>
    private const int SmallLength = 1024;

    /// <summary>Arrays of each size that are kept for the next login; more are left to the collector, cleared.</summary>
    private const int MaxPooled = 64;

    private static readonly Stack<byte[]> Small = [];
    private static readonly Stack<byte[]> Large = [];

    private readonly int[] _ends = new int[MaxParts];
    private byte[] _array = [];
    private int _length;
    private int _parts;
    private int _taken;

    /// <summary>What was added and is neither part of the login nor dropped.</summary>
    public ReadOnlySpan<byte> Pending => _array.AsSpan(KeptLength, _length - KeptLength);

    /// <summary>The part of the login that came last: the password is in it, where there is one. Empty before there is a part.</summary>
    public ReadOnlySpan<byte> LastPart => _parts == 0 ? default : _array.AsSpan()[(_parts == 1 ? 0 : _ends[_parts - 2]).._ends[_parts - 1]];

    /// <summary>Whether a part of the login was not taken yet.</summary>
    public bool HasPart => _taken < _parts;

    private int KeptLength => _parts == 0 ? 0 : _ends[_parts - 1];

    /// <summary>Adds what a session has for a backend after a call with <paramref name="input"/>; false if there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> input, EmitBuffer sent)
    {
        var fits = true;
        for (var i = 0; i < sent.ToBackend.Count; i++)
        {
            fits = fits && TryAdd(sent.ToBackend.Get(i, input, sent));
        }

        sent.Wipe();
        return fits;
    }

    /// <summary>Drops the first <paramref name="count"/> octets of <see cref="Pending"/>: a command that was answered.</summary>
    public void Drop(int count)
    {
        var start = KeptLength;
        _array.AsSpan((start + count).._length).CopyTo(_array.AsSpan(start));
        CryptographicOperations.ZeroMemory(_array.AsSpan(_length - count, count));
        _length -= count;
    }

    /// <summary>Forgets the parts so far: another login begins with what is pending.</summary>
    public void DropParts()
    {
        var kept = KeptLength;
        _parts = _taken = 0;
        if (kept > 0)
        {
            Drop(kept);
        }
    }

    /// <summary>Makes the first <paramref name="count"/> octets of <see cref="Pending"/> the next part; false if there are too many.</summary>
    public bool TryKeep(int count)
    {
        if (_parts == MaxParts)
        {
            return false;
        }

        _ends[_parts] = KeptLength + count;
        _parts++;
        return true;
    }

    /// <summary>
    /// Makes two parts of the first <paramref name="count"/> octets of <see cref="Pending"/>, with a line end in place of the octet at
    /// <paramref name="at"/>; false if that is too much.
    /// </summary>
    public bool TryKeepApart(int count, int at)
    {
        if (!TryAdd("\n"u8))
        {
            return false;
        }

        var pending = _array.AsSpan(KeptLength, _length - KeptLength);
        pending[(at + 1)..^1].CopyTo(pending[(at + 2)..]);
        "\r\n"u8.CopyTo(pending[at..]);
        return TryKeep(at + 2) && TryKeep(count - at - 1);
    }

    /// <summary>The next part, which stays where it is until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> TakePart()
    {
        var start = _taken == 0 ? 0 : _ends[_taken - 1];
        var end = _ends[_taken++];
        return _array.AsMemory(start, end - start);
    }

    /// <summary>All parts are to be taken again, by another backend.</summary>
    public void Rewind() => _taken = 0;

    /// <summary>
    /// Takes another login in place of what there is: <paramref name="command"/>, then the response of PLAIN (RFC 4616), in base64 and within
    /// <paramref name="quote"/>; false if that is too much.
    /// </summary>
    public bool TryReplace(ReadOnlySpan<byte> command, BackendLogin login, ReadOnlySpan<byte> quote)
    {
        Clear();
        return TryAdd(command) && TryKeep(command.Length)
            && TryAdd(quote) && TryAddPlain(login) && TryAdd(quote) && TryAdd("\r\n"u8) && TryKeep(Pending.Length);
    }

    /// <summary>Clears everything and gives the array back.</summary>
    public void Clear()
    {
        if (_array.Length > 0)
        {
            GiveBack(_array);
        }

        _array = [];
        _length = _parts = _taken = 0;
    }

    private bool TryAdd(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxLength - _length)
        {
            return false;
        }

        if (octets.Length > _array.Length - _length)
        {
            Grow(_length + octets.Length);
        }

        octets.CopyTo(_array.AsSpan(_length));
        _length += octets.Length;
        return true;
    }

    private bool TryAddPlain(BackendLogin login)
    {
        var encoding = Encoding.UTF8;
        var first = encoding.GetByteCount(login.AuthorizationId ?? "") + 1;
        var second = encoding.GetByteCount(login.AuthenticationId) + 1;
        var length = first + second + login.Password.Length;
        if (length > MaxLength || Base64.GetMaxEncodedToUtf8Length(length) is var encoded && encoded > MaxLength - _length)
        {
            return false;
        }

        if (encoded > _array.Length - _length)
        {
            Grow(_length + encoded);
        }

        // In place: the octets become base64 where they are, and stand nowhere else.
        var response = _array.AsSpan(_length, encoded);
        response.Clear();
        encoding.GetBytes(login.AuthorizationId ?? "", response);
        encoding.GetBytes(login.AuthenticationId, response[first..]);
        login.Password.Span.CopyTo(response[(first + second)..]);
        Base64.EncodeToUtf8InPlace(response, length, out _);
        _length += encoded;
        return true;
    }

    private void Grow(int length)
    {
        var larger = Take(length <= SmallLength ? SmallLength : MaxLength);
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array.Length > 0)
        {
            GiveBack(_array);
        }

        _array = larger;
    }

    private static byte[] Take(int length)
    {
        var pool = PoolOf(length);
        lock (pool)
        {
            if (pool.TryPop(out var array))
            {
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(length, pinned: true);
    }

    private static void GiveBack(byte[] array)
    {
        CryptographicOperations.ZeroMemory(array);
        var pool = PoolOf(array.Length);
        lock (pool)
        {
            if (pool.Count < MaxPooled)
            {
                pool.Push(array);
            }
        }
    }

    private static Stack<byte[]> PoolOf(int length) => length == SmallLength ? Small : Large;
}
