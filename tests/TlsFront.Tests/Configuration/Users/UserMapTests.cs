using CsCheck;
using TlsFront.Configuration.Users;

namespace TlsFront.Tests.Configuration.Users;

public sealed class UserMapTests
{
    private const int Million = 1_000_000;

    private static readonly UserMapTarget[] Targets = [new("a", null), new("b", null), new("b", "10.0.0.5:143")];

    /// <summary>A million users cost what README.md says, whatever the garbage collector thinks of it.</summary>
    [Fact]
    public void A_million_users_take_less_than_40_MB_and_a_lookup_allocates_nothing()
    {
        var builder = new UserMapBuilder();
        for (var i = 0; i < Million; i++)
        {
            Assert.True(builder.Add(User(i), Targets[i % Targets.Length]));
        }

        var map = builder.Build();
        Assert.Equal(Million, map.Count);
        Assert.Equal(25, User(0).Length);
        Assert.InRange(map.Octets, 25L * Million, 40_000_000);

        string[] users = [.. Enumerable.Range(0, 1000).Select(static i => User(i * 1001 % (2 * Million)))];
        var found = 0;
        _ = map.Find(users[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var user in users)
        {
            found += map.Find(user) >= 0 ? 1 : 0;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1000, found);
        Assert.All(users.Index(), user => Assert.Equal(Targets[user.Index * 1001 % Million % Targets.Length], map.Targets[map.Find(user.Item)]));
        Assert.Equal(-1, map.Find(User(Million)));
    }

    [Fact]
    public void It_is_a_dictionary()
    {
        var key = Gen.OneOf(
            Gen.Char["abé@.ſ"].Array[1, 4].Select(static letters => new string(letters)),
            Gen.String[Gen.Char['a', 'z'], 1, UserKey.MaxLength],
            Gen.Int[0, 5000].Select(static number => $"{number}😀@example.org"));
        Gen.Select(key, Gen.Int[0, 2]).List[0, 300].Sample(entries =>
        {
            var model = new Dictionary<string, UserMapTarget>(StringComparer.Ordinal);
            var builder = new UserMapBuilder();
            foreach (var (user, target) in entries)
            {
                if (builder.Add(user, Targets[target]) != model.TryAdd(user, Targets[target]))
                {
                    return false;
                }
            }

            var map = builder.Build();
            return map.Count == model.Count
                && model.All(entry => map.Targets[map.Find(entry.Key)] == entry.Value)
                && model.Keys.All(user => model.ContainsKey(user + "x") || map.Find(user + "x") < 0);
        }, iter: 500);
    }

    [Fact]
    public void Nobody_is_in_an_empty_map_and_a_name_beyond_measure_is_in_none()
    {
        var map = new UserMapBuilder(octets: 100).Build();
        Assert.Equal((0, -1, -1), (map.Count, map.Find("bob"), map.Find(new string('a', 5000))));
        Assert.Empty(map.Backends);
    }

    [Fact]
    public void Hundreds_of_targets_are_told_apart_and_each_backend_is_named_once()
    {
        var builder = new UserMapBuilder();
        for (var i = 0; i < 500; i++)
        {
            builder.Add($"user{i}", new("b", $"10.0.{i / 250}.{i % 250}:143"));
        }

        var map = builder.Build();
        Assert.Equal(["b"], map.Backends);
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal($"b:10.0.{i / 250}.{i % 250}:143", map.Targets[map.Find($"user{i}")].ToString()));
    }

    /// <summary>25 characters.</summary>
    private static string User(int number) => $"user{number % Million:0000000}@{(number < Million ? "example.com" : "example.org")}.a";
}
