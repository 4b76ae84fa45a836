using System.Text.Json.Serialization;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>Serializers of the commands' JSON, written at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(CheckConfigReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(UsageDocument))]
[JsonSerializable(typeof(IReadOnlyList<WhatIfOutcome>))]
internal sealed partial class CliJson : JsonSerializerContext;
