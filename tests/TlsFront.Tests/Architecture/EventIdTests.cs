using System.Reflection;
using Microsoft.Extensions.Logging;
using TlsFront.Listeners;
using TlsFront.Telemetry.Access;

namespace TlsFront.Tests.Architecture;

/// <summary>A filter on an event id must not catch the event of another room.</summary>
public sealed class EventIdTests
{
    private const BindingFlags All =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly (string Place, EventId Event)[] Events =
    [
        .. from type in typeof(GatewayHost).Assembly.GetTypes()
           from method in type.GetMethods(All)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           select ($"{type.FullName}.{method.Name}", new EventId(attribute.EventId, attribute.EventName)),
        // Its lines are no generated methods.
        .. ((AccessLogLine[])[AccessLogLines.Login, AccessLogLines.End]).Select(line => (nameof(AccessLogLines), line.Event)),
    ];

    [Fact]
    public void Each_event_has_an_id_of_its_own() => Unique(static item => $"{item.Id}");

    [Fact]
    public void Each_event_has_a_name_of_its_own() => Unique(static item => item.Name ?? "(no name)");

    private static void Unique(Func<EventId, string> key)
    {
        Assert.NotEmpty(Events);
        var shared = Events.GroupBy(item => key(item.Event)).Where(group => group.Count() > 1);
        Assert.Equal([], shared.Select(group => $"{group.Key}: {string.Join(", ", group.Select(item => item.Place))}"));
    }
}
