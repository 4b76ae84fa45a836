// A collector for tests: OTLP over HTTP and over gRPC on free ports of 127.0.0.1. Its first line is {"http": PORT, "grpc": PORT}; then each request is a
// line {"transport", "signal", "request"}, decoded by the protocol's own definitions: 64-bit numbers are strings, octets base64, enumerations names.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import grpc from '@grpc/grpc-js';

const { opentelemetry } = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root');
const { metrics, trace, logs } = opentelemetry.proto.collector;
const signals = {
  metrics: { service: 'metrics.v1.MetricsService', request: metrics.v1.ExportMetricsServiceRequest, response: metrics.v1.ExportMetricsServiceResponse },
  traces: { service: 'trace.v1.TraceService', request: trace.v1.ExportTraceServiceRequest, response: trace.v1.ExportTraceServiceResponse },
  logs: { service: 'logs.v1.LogsService', request: logs.v1.ExportLogsServiceRequest, response: logs.v1.ExportLogsServiceResponse },
};

const received = (transport, signal, message) => console.log(JSON.stringify({
  transport, signal, request: signals[signal].request.toObject(message, { longs: String, enums: String, bytes: String }),
}));
const empty = signal => Buffer.from(signals[signal].response.encode({}).finish());

const http = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const signal = /\/v1\/([a-z]+)$/.exec(request.url)?.[1];
    if (request.method !== 'POST' || !signals[signal]) { response.writeHead(404).end(); return; }
    if (request.headers['content-type'] !== 'application/x-protobuf') { response.writeHead(415).end(); return; }
    const body = Buffer.concat(parts);
    received('http', signal, signals[signal].request.decode(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(empty(signal));
  });
});

const rpc = new grpc.Server();
for (const [signal, { service, request, response }] of Object.entries(signals)) {
  rpc.addService({
    Export: {
      path: `/opentelemetry.proto.collector.${service}/Export`, requestStream: false, responseStream: false,
      requestSerialize: message => Buffer.from(request.encode(message).finish()), requestDeserialize: octets => request.decode(octets),
      responseSerialize: message => Buffer.from(response.encode(message).finish()), responseDeserialize: octets => response.decode(octets),
    },
  }, { Export: (call, answer) => { received('grpc', signal, call.request); answer(null, {}); } });
}

await promisify(http.listen.bind(http, 0, '127.0.0.1'))();
const port = await promisify(rpc.bindAsync.bind(rpc))('127.0.0.1:0', grpc.ServerCredentials.createInsecure());
console.log(JSON.stringify({ http: http.address().port, grpc: port }));
