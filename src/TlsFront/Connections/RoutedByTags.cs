namespace TlsFront.Connections;

/// <summary>Names for <see cref="RoutedBy"/>.</summary>
internal static class RoutedByTags
{
    /// <summary>The value as a metric label, a tag and a field, never renamed once released; null for <see cref="RoutedBy.None"/>.</summary>
    public static string? Tag(this RoutedBy by) => by switch
    {
        RoutedBy.Default => "default",
        RoutedBy.Route => "route",
        RoutedBy.Map => "map",
        RoutedBy.Lookup => "lookup",
        RoutedBy.Move => "move",
        _ => null,
    };
}
