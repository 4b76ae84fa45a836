using System.Text.Json.Serialization;

namespace TlsFront.Connections;

/// <summary>How snapshots are written.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ConnectionSnapshot))]
internal sealed partial class ConnectionSnapshotJson : JsonSerializerContext;
