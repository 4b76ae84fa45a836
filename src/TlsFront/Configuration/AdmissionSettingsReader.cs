using System.Net;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>admission</c>, of the file and of a listener.</summary>
internal static class AdmissionSettingsReader
{
    /// <summary>Reads rules over those of <paramref name="inherited"/>, one list at a time; files are looked for from <paramref name="folder"/>.</summary>
    public static AdmissionSettings Read(SettingsScope scope, AdmissionSettings inherited, string folder) => new(
        scope.Has(AdmissionSchema.Allow) ? ReadList(scope, AdmissionSchema.Allow, folder) : inherited.Allow,
        scope.Has(AdmissionSchema.Deny) ? ReadList(scope, AdmissionSchema.Deny, folder) : inherited.Deny);

    private static AddressListSettings ReadList(SettingsScope scope, SettingList<AddressSource> setting, string folder)
    {
        var networks = new List<IPNetwork>();
        var files = new List<string>();
        foreach (var (key, source) in scope.ReadList(setting))
        {
            if (source.Network is { } network)
            {
                networks.Add(network);
                continue;
            }

            var path = Path.Combine(folder, source.File!);
            files.Add(path);
            foreach (var problem in NetworkFile.Read(path).Problems)
            {
                scope.FailIn(key, path, problem);
            }
        }

        return new(NetworkSet.Of(networks), files);
    }
}
