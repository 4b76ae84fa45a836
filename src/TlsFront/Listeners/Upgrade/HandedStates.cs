using System.Text;
using TlsFront.Handover;

namespace TlsFront.Listeners.Upgrade;

/// <summary>Everything that goes from one process to the next apart from listeners, sessions and what operators decided.</summary>
/// <param name="states">Those of this process.</param>
internal sealed class HandedStates(IReadOnlyList<IHandedState> states)
{
    /// <summary>Sends all of them.</summary>
    /// <exception cref="HandoverException">The other process does not take them.</exception>
    public void Send(HandoverChannel channel)
    {
        foreach (var state in states)
        {
            using var content = new StateWriter();
            state.Export(content);
            using var message = new StateWriter();
            message.Write(Encoding.UTF8.GetBytes(state.Name));
            message.Write(content.Written);
            channel.Send(MessageKind.State, message.Written);
        }
    }

    /// <summary>Continues with one of them; one that is unknown here, or of no use to this engine, is left out.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    public void Take(HandoverMessage message)
    {
        var reader = new StateReader(message.Payload);
        var name = Encoding.UTF8.GetString(reader.ReadBytes());
        var content = new StateReader(reader.ReadBytes());
        if (states.FirstOrDefault(one => one.Name == name) is not { } state)
        {
            return;
        }

        state.Import(ref content);
        if (!content.IsAtEnd)
        {
            throw new HandoverException($"the handed-over state {name} is longer than it says");
        }
    }
}
