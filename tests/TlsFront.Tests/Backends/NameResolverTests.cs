using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;

namespace TlsFront.Tests.Backends;

public sealed class NameResolverTests : INameLookup
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly NameResolver _names;
    private Func<Task<IPAddress[]>> _answer = static () => Addresses(1, 2, 3);
    private int _asked;

    public NameResolverTests() => _names = new NameResolver(this, _time, NullLogger<NameResolver>.Instance);

    Task<IPAddress[]> INameLookup.AddressesAsync(string host)
    {
        Interlocked.Increment(ref _asked);
        return _answer();
    }

    [Fact]
    public async Task Addresses_are_tried_in_turn()
    {
        Assert.Equal([1, 2, 3], await ResolveAsync());
        Assert.Equal([2, 3, 1], await ResolveAsync());
        Assert.Equal([3, 1, 2], await ResolveAsync());
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task One_that_failed_comes_last_for_a_while()
    {
        await ResolveAsync();
        _names.Failed("mail.internal", IPAddress.Parse("192.0.2.2"));
        Assert.Equal([3, 1, 2], await ResolveAsync());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([3, 1, 2], await ResolveAsync());
        Assert.Equal([1, 2, 3], await ResolveAsync());
        Assert.Equal([2, 3, 1], await ResolveAsync());
    }

    [Fact]
    public async Task Old_ones_serve_while_they_are_looked_up_again()
    {
        await ResolveAsync();
        var answer = new TaskCompletionSource<IPAddress[]>();
        _answer = () => answer.Task;
        _time.Advance(Age);
        Assert.Equal([1, 2, 3], (await ResolveAsync()).Order());
        Assert.Equal([1, 2, 3], (await ResolveAsync()).Order());
        Assert.Equal(2, _asked);
        answer.SetResult(await Addresses(4));
        Assert.Equal([4], await ResolveAsync());
    }

    [Fact]
    public async Task Very_old_ones_serve_only_if_the_lookup_takes_long()
    {
        await ResolveAsync();
        _time.Advance(4 * Age);
        _answer = static () => Addresses(4);
        Assert.Equal([4], await ResolveAsync());

        _time.Advance(4 * Age);
        _answer = static () => new TaskCompletionSource<IPAddress[]>().Task;
        var waiting = ResolveAsync();
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([4], await waiting);
    }

    [Fact]
    public async Task The_last_ones_serve_while_a_name_cannot_be_resolved()
    {
        await ResolveAsync();
        _answer = static () => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));
        _time.Advance(Age);
        Assert.Equal([1, 2, 3], (await ResolveAsync()).Order());
        Assert.Equal([1, 2, 3], (await ResolveAsync()).Order());
        Assert.Equal(2, _asked);
        _answer = static () => Addresses(5);
        _time.Advance(Age);
        await ResolveAsync();
        Assert.Equal([5], await ResolveAsync());
    }

    [Fact]
    public async Task A_name_that_never_resolved_is_asked_for_each_time()
    {
        _answer = static () => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
        await Assert.ThrowsAsync<SocketException>(ResolveAsync);
        _answer = static () => Addresses();
        await Assert.ThrowsAsync<SocketException>(ResolveAsync);
        _answer = static () => Addresses(1);
        Assert.Equal([1], await ResolveAsync());
    }

    [Fact]
    public async Task Who_gives_up_does_not_take_the_answer_from_others()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _answer = () => answer.Task;
        using var stop = new CancellationTokenSource();
        var impatient = _names.ResolveAsync("mail.internal", Age, stop.Token).AsTask();
        var patient = ResolveAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        answer.SetResult(await Addresses(7));
        Assert.Equal([7], await patient);
        Assert.Equal(1, _asked);
    }

    private static Task<IPAddress[]> Addresses(params byte[] last) =>
        Task.FromResult(last.Select(number => new IPAddress([192, 0, 2, number])).ToArray());

    private async Task<IEnumerable<int>> ResolveAsync() =>
        (await _names.ResolveAsync("mail.internal", Age, CancellationToken.None)).Select(address => (int)address.GetAddressBytes()[3]);
}
