// Validates rendered manifests, from standard input, with the JSON schemas of Kubernetes and of the custom resources: types, required fields, formats.
// Prints a line for each object that is wrong; exit code 1 if any is.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const packages = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

let wrong = 0;
const complain = (object, text) => { wrong++; console.log(`${object?.kind} ${object?.metadata?.name}: ${text}`); };

for (const document of parseAllDocuments(readFileSync(0, 'utf8'))) {
  if (document.errors.length > 0) { complain(null, document.errors[0].message); continue; }
  const object = document.toJS();
  if (!object) continue;
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : object.apiVersion.slice(0, slash);
  let models;
  try { models = await import(`${packages[group] ?? 'kubernetes-models'}/${object.apiVersion}`); }
  catch { complain(object, `there is no schema of ${object.apiVersion}`); continue; }
  const Model = models[object.kind];
  if (!Model) { complain(object, `${object.apiVersion} has no such kind`); continue; }
  try { new Model(object).validate(); } catch (error) { complain(object, error.message); }
}
process.exit(wrong > 0 ? 1 : 0);
