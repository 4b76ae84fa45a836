using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// OpenSSL's contexts with keys in them, lent to the directions of sessions that used one last. A session that was silent while others were not
/// gives its context up and gets one again when it goes on: an idle session keeps its key only, and a busy one does not set it for every record. One
/// per loop, so nothing is locked.
/// </summary>
/// <param name="capacity">Most of them. A context takes 1 to 2 KB.</param>
/// <param name="objects">Where they are counted.</param>
internal sealed unsafe class AeadContexts(int capacity, NativeObjects objects) : IDisposable
{
    // A ring by last use; place 0 is where it begins and ends, and holds none.
    private Entry[] _entries = [default];
    private int _count = 1;

    /// <summary>A context with the key of <paramref name="direction"/>; 0 if OpenSSL fails.</summary>
    public nint Get(RecordProtection direction)
    {
        if (direction.Place == 0 && !TryLend(direction))
        {
            return 0;
        }

        if (_entries[0].Next != direction.Place)
        {
            Unlink(direction.Place);
            Link(direction.Place, behind: 0);
        }

        return _entries[direction.Place].Context;
    }

    /// <summary>Takes the context of a direction that ends, or has another key, and wipes the key in it.</summary>
    public void Forget(RecordProtection direction)
    {
        if (direction.Place == 0)
        {
            return;
        }

        var place = direction.Place;
        Take(place);
        byte* zeros = stackalloc byte[AeadSuite.MaxKeyLength];
        new Span<byte>(zeros, AeadSuite.MaxKeyLength).Clear();
        if (OpenSsl.EVP_CipherInit_ex2(_entries[place].Context, 0, zeros, null, -1, 0) != 1)
        {
            Reset(ref _entries[place]);
        }

        Unlink(place);
        Link(place, behind: _entries[0].Previous);
    }

    public void Dispose()
    {
        for (var place = 1; place < _count; place++)
        {
            Take(place);
            OpenSsl.EVP_CIPHER_CTX_free(_entries[place].Context);
        }

        objects.Aead(1 - _count);
        (_entries, _count) = ([default], 1);
    }

    private bool TryLend(RecordProtection direction)
    {
        // The one that was not used for longest, unless there may be more.
        var place = _entries[0].Previous;
        if ((place == 0 || _entries[place].Borrower is not null) && _count <= capacity)
        {
            place = Add();
        }

        if (place == 0)
        {
            return false;
        }

        Take(place);
        ref var entry = ref _entries[place];

        // Naming the cipher makes OpenSSL throw away what the context holds: only where it changes.
        var cipher = entry.Cipher == direction.Suite.Cipher ? 0 : direction.Suite.Cipher;
        fixed (byte* key = direction.Key)
        {
            // Safe: the key is copied during the call.
            if (OpenSsl.EVP_CipherInit_ex2(entry.Context, cipher, key, null, direction.IsForSealing ? 1 : 0, 0) != 1)
            {
                Reset(ref entry);
                return false;
            }
        }

        (entry.Cipher, entry.Borrower, direction.Place) = (direction.Suite.Cipher, direction, place);
        return true;
    }

    private void Take(int place)
    {
        if (_entries[place].Borrower is { } borrower)
        {
            borrower.Place = 0;
            _entries[place].Borrower = null;
        }
    }

    /// <summary>OpenSSL wipes what it frees.</summary>
    private static void Reset(ref Entry entry)
    {
        OpenSsl.ERR_clear_error();
        _ = OpenSsl.EVP_CIPHER_CTX_reset(entry.Context);
        entry.Cipher = 0;
    }

    /// <summary>A place with a context of its own; 0 if OpenSSL cannot make one.</summary>
    private int Add()
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(2 * _count, capacity + 1));
        }

        var context = OpenSsl.EVP_CIPHER_CTX_new();
        if (context == 0)
        {
            OpenSsl.ERR_clear_error();
            return 0;
        }

        objects.Aead(1);
        _entries[_count] = new Entry { Context = context };
        Link(_count, behind: _entries[0].Previous);
        return _count++;
    }

    private void Unlink(int place)
    {
        var (previous, next) = (_entries[place].Previous, _entries[place].Next);
        _entries[previous].Next = next;
        _entries[next].Previous = previous;
    }

    private void Link(int place, int behind)
    {
        var next = _entries[behind].Next;
        (_entries[place].Previous, _entries[place].Next) = (behind, next);
        _entries[behind].Next = place;
        _entries[next].Previous = place;
    }

    private struct Entry
    {
        public nint Context;
        public nint Cipher;
        public RecordProtection? Borrower;
        public int Previous;
        public int Next;
    }
}
