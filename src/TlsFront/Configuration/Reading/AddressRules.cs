using System.Net;
using System.Net.Sockets;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>Rules between addresses: no two sockets can listen on the same one, and none may be connected to from behind.</summary>
internal static class AddressRules
{
    /// <summary>Compares all listeners with each other and with the admin endpoint.</summary>
    public static void Check(IReadOnlyList<ListenerDraft> listeners, SettingsScope admin, IPEndPoint adminAddress)
    {
        var taken = new List<(string Owner, IPEndPoint Address)>();
        foreach (var (scope, listener, _, _) in listeners)
        {
            // Wrong addresses have been told already.
            if (listener.Address is null)
            {
                continue;
            }

            if (Taken(taken, listener.Address) is { } problem)
            {
                scope.Fail(ListenerSchema.Address, problem);
            }

            taken.Add(($"listener {listener.Name}", listener.Address));
        }
        if (Taken(taken, adminAddress) is { } adminProblem)
        {
            admin.Fail(AdminSchema.Address, adminProblem);
        }
    }

    /// <summary>A destination that is one of the gateway's own listeners would be an endless chain of connections.</summary>
    public static void CheckLoops(IReadOnlyList<ListenerDraft> listeners, IReadOnlyList<Draft<BackendSettings>> backends)
    {
        foreach (var (scope, backend) in backends)
        {
            foreach (var destination in backend.Destinations)
            {
                if (!IPEndPoint.TryParse(destination, out var address))
                {
                    continue;
                }

                var loop = listeners.FirstOrDefault(draft => draft.Settings.Address is { } own && own.Port == address.Port
                    && (own.Address.Equals(address.Address) || (IPAddress.IsLoopback(address.Address) && Covers(own.Address, address.Address))));
                if (loop is not null)
                {
                    scope.FailEntry(
                        BackendSchema.Destinations, destination,
                        new($"leads back to the gateway: it is listener {loop.Settings.Name}", "name the backend's own port"));
                }
            }
        }
    }

    private static ValueProblem? Taken(List<(string Owner, IPEndPoint Address)> taken, IPEndPoint address)
    {
        var other = taken.Find(entry => Overlap(entry.Address, address));
        return other.Owner is null ? null
            : new($"overlaps with {other.Owner} at {ListenerSchema.Address.Type.Format(other.Address)}", "give each its own port or address");
    }

    private static bool Overlap(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && (one.Address.Equals(other.Address) || Covers(one.Address, other.Address) || Covers(other.Address, one.Address));

    /// <summary>The IPv6 wildcard is opened for IPv4 as well.</summary>
    private static bool Covers(IPAddress wildcard, IPAddress address) =>
        wildcard.Equals(IPAddress.IPv6Any) || (wildcard.Equals(IPAddress.Any) && address.AddressFamily == AddressFamily.InterNetwork);
}
