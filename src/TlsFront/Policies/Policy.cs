using System.Buffers.Binary;
using System.IO.Enumeration;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>A policy with the files it names: immutable. Judging allocates nothing.</summary>
internal sealed class Policy
{
    private readonly NetworkSet[]? _networks;
    private readonly UserSet[]? _users;
    private readonly ServerNameTable<string>? _serverNames;

    /// <param name="settings">The policy.</param>
    /// <param name="networks">Gives the content of a file of networks.</param>
    /// <param name="users">Gives the content of a file of users.</param>
    public Policy(PolicySettings settings, Func<string, NetworkSet> networks, Func<string, UserSet> users)
    {
        Settings = settings;
        _networks = settings.Networks is { } list ? [list.Networks, .. list.Files.Select(networks)] : null;
        _users = settings.Users is { } named ? [new UserSet(named.Keys), .. named.Files.Select(users)] : null;
        _serverNames = settings.ServerNames.Count > 0 ? new(settings.ServerNames.Select(static name => KeyValuePair.Create(name, name))) : null;
        Refusal = settings.Action == PolicyAction.Refuse ? PolicyWords.Refusal(settings) : null;
        Alert = settings is { Action: PolicyAction.Warn, IsAlerting: true } ? PolicyWords.Of(settings) : null;
    }

    /// <summary>What it was made of.</summary>
    public PolicySettings Settings { get; }

    /// <summary>What a client is told that it refuses; null if it refuses nobody.</summary>
    public LoginRefusal? Refusal { get; }

    /// <summary>What a user is shown that it warns of; null if nothing is.</summary>
    public string? Alert { get; }

    /// <summary>The first condition that does not hold; <see cref="PolicyCondition.None"/> if the policy matches.</summary>
    public PolicyCondition Judge(in PolicySubject subject) =>
        !Settings.Covers(subject.Listener) ? PolicyCondition.Listener
        : !Settings.Covers(subject.Transport) ? PolicyCondition.Transport
        : subject.IsLegacy && Settings is { Action: not PolicyAction.Refuse, NamesLegacy: false } ? PolicyCondition.Legacy
        : Settings.From > subject.Now ? PolicyCondition.From
        : Settings.Until <= subject.Now ? PolicyCondition.Until
        : Settings.During.Count > 0 && !IsDuring(subject.Now) ? PolicyCondition.During
        : Settings.TlsBelow is { } below && !(subject.Tls < below) ? PolicyCondition.Tls
        : Settings.Cipher is not null && !subject.HasWeakCipher ? PolicyCondition.Cipher
        : _networks is not null && !Contains(_networks, subject.Client) ? PolicyCondition.Network
        : _serverNames is not null && _serverNames.Find(subject.ServerName) is null ? PolicyCondition.ServerName
        : Settings.Ja4.Count > 0 && !Settings.Ja4.Contains(subject.Ja4) ? PolicyCondition.Ja4
        : Settings.Programs.Count > 0 && !IsProgram(subject.Program) ? PolicyCondition.Program
        : _users is not null && !Contains(_users, subject.User) ? PolicyCondition.User
        : Settings.Sample is { } share && PlaceOf(Settings.Name, Sampled(subject)) >= share ? PolicyCondition.Sample
        : PolicyCondition.None;

    /// <summary>
    /// Where a user, or a connection, stands from 0 to 1: the same in each process and on each replica, so that the share of 10 % is within that of
    /// 20 %. With the policy's name, or the same users would always be the first.
    /// </summary>
    public static double PlaceOf(string policy, string name)
    {
        Span<byte> text = stackalloc byte[UserKey.MaxOctets];
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(policy, text)], key);
        HMACSHA256.HashData(key, text[..Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, UserKey.MaxLength)), text)], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) / (ulong.MaxValue + 1.0);
    }

    private string Sampled(in PolicySubject subject) => Settings.SampleOf == SampleOf.Connections ? subject.Connection : subject.User;

    private bool IsProgram(string? program)
    {
        foreach (var pattern in Settings.Programs)
        {
            if (program is not null && FileSystemName.MatchesSimpleExpression(pattern, program))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsDuring(DateTimeOffset now)
    {
        foreach (var window in Settings.During)
        {
            if (window.Contains(now))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(NetworkSet[] sets, IPAddress? client)
    {
        foreach (var set in sets)
        {
            if (client is not null && set.Contains(client))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(UserSet[] sets, string user)
    {
        foreach (var set in sets)
        {
            if (set.Contains(user))
            {
                return true;
            }
        }

        return false;
    }
}
