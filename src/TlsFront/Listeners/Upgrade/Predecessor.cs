using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TlsFront.Configuration;
using TlsFront.Handover;

namespace TlsFront.Listeners.Upgrade;

/// <summary>The gateway that this process is to replace: its sockets, what operators told it, and then its sessions.</summary>
internal sealed class Predecessor(
    HandoverInvitation invitation, Succession succession, ListeningSockets sockets, HandedStates states, StateVersions versions,
    SettingsStore settings) : IDisposable
{
    private HandoverChannel? _channel;

    /// <summary>Whether there is one.</summary>
    public bool IsPresent => succession.HasPredecessor;

    /// <summary>What operators told it; null before <see cref="Meet"/>.</summary>
    public Decisions? Decisions { get; private set; }

    /// <summary>The channel to it, once it was met.</summary>
    public HandoverChannel Channel => _channel ?? throw new InvalidOperationException("The predecessor was not met.");

    /// <summary>Introduces this process, and receives all that it needs to start. Blocks.</summary>
    /// <exception cref="HandoverException">It is not there, or wants to go on.</exception>
    public void Meet()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(invitation.Path!));
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new HandoverException($"{invitation.Path} cannot be connected: {exception.Message}", exception);
        }

        _channel = new HandoverChannel(socket, settings.Current.Upgrade.Timeout);
        _channel.Send(
            MessageKind.Hello, JsonSerializer.SerializeToUtf8Bytes(new(ProgramVersion.Text, versions), UpgradeJson.Default.SuccessorHello));
        Check(_channel.Expect(MessageKind.Welcome));
        while (true)
        {
            using var message = _channel.Receive() ?? throw new HandoverException("the running gateway closed the channel");
            switch (message.Kind)
            {
                case MessageKind.Listener:
                    Take(message);
                    break;
                case MessageKind.Decisions:
                    Decisions = Read(message, UpgradeJson.Default.Decisions);
                    break;
                case MessageKind.State:
                    states.Take(message);
                    break;
                case MessageKind.Start:
                    return;
                case MessageKind.Failed:
                    throw new HandoverException(message.Text);
                case var kind when !Enum.IsDefined(kind):
                    // A process of another version tells what this one does not know.
                    break;
                default:
                    throw new HandoverException($"the running gateway sent {message.Kind} before the start");
            }
        }
    }

    public void Dispose() => _channel?.Dispose();

    /// <summary>Reads what it says.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    public static T Read<T>(HandoverMessage message, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Payload, type) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new HandoverException($"the running gateway's {message.Kind} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>What it writes has to be what is read here.</summary>
    private void Check(HandoverMessage welcome)
    {
        using (welcome)
        {
            if (!int.TryParse(welcome.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || version < versions.Oldest || version > versions.Newest)
            {
                throw new HandoverException($"the running gateway writes sessions of version {welcome.Text}, which this one does not read");
            }
        }
    }

    private void Take(HandoverMessage message)
    {
        var listener = Read(message, UpgradeJson.Default.HandedListener);
        if (!IPEndPoint.TryParse(listener.Address, out var address))
        {
            throw new HandoverException($"the running gateway's listener {listener.Name} has no address but {listener.Address}");
        }

        sockets.Receive(listener.Name, address, Enumerable.Range(0, message.Descriptors).Select(message.Take));
    }
}
