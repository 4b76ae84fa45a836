using System.Net;
using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>
/// The lists of one listener as they are now. Deny wins over allow: whoever is added to a block list is out, however the other list is cut.
/// </summary>
/// <param name="Allow">The only addresses taken; null for all.</param>
/// <param name="Deny">Addresses refused.</param>
internal sealed record AdmissionRules(NetworkSet[]? Allow, NetworkSet[] Deny)
{
    /// <summary>Whether a client may connect.</summary>
    public bool Admit(IPAddress client) => !Contains(Deny, client) && (Allow is null || Contains(Allow, client));

    private static bool Contains(NetworkSet[] sets, IPAddress client)
    {
        foreach (var set in sets)
        {
            if (set.Contains(client))
            {
                return true;
            }
        }

        return false;
    }
}
