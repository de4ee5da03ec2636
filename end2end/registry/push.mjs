// Puts the images of the tests into a registry, with nothing but its HTTP API: `node push.mjs http://127.0.0.1:15500`.
// The same bytes every time, so every digest is known beforehand. It owns what the images are; it never runs one.
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const oci = (kind) => `application/vnd.oci.image.${kind}`;
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const json = (value) => Buffer.from(JSON.stringify(value));

/** One text file as a tar archive (ustar), without a time. */
function tar(name, text) {
  const header = Buffer.alloc(512);
  const octal = (value, digits) => `${value.toString(8).padStart(digits, '0')}\0`;
  const fields = [[0, name], [100, octal(0o644, 7)], [108, octal(0, 7)], [116, octal(0, 7)], [124, octal(text.length, 11)],
    [136, octal(0, 11)], [148, ' '.repeat(8)], [156, '0'], [257, 'ustar\0' + '00']];
  for (const [at, value] of fields) header.write(value, at, 'latin1');
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text, 'latin1');
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}

async function send(method, url, body, type = 'application/octet-stream') {
  const answer = await fetch(url, { method, body, headers: body && { 'Content-Type': type }, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Uploads a blob and gives its descriptor. */
async function blob(repository, bytes, type) {
  const upload = await send('POST', `${repository}/blobs/uploads/`);
  const to = new URL(upload.headers.get('Location'), repository);
  to.searchParams.set('digest', digestOf(bytes));
  await send('PUT', to, bytes);
  return { mediaType: type, size: bytes.length, digest: digestOf(bytes) };
}

/** Uploads a manifest or an index under a tag or its digest, and gives its descriptor. */
async function manifest(repository, reference, content) {
  const bytes = json(content);
  await send('PUT', `${repository}/manifests/${reference ?? digestOf(bytes)}`, bytes, content.mediaType);
  return { mediaType: content.mediaType, size: bytes.length, digest: digestOf(bytes) };
}

/** A small web server that runs as a user of its own. */
const server = (version) => ({
  User: '10014', ExposedPorts: { '8080/tcp': {} }, Env: ['PATH=/usr/bin:/bin'], Entrypoint: ['/greeter'], Cmd: ['--port', '8080'],
  WorkingDir: '/', Labels: { 'org.opencontainers.image.title': 'Greeter', 'org.opencontainers.image.version': version },
});

/** A tool that runs as root and has only a CMD. */
const tool = { Env: ['PATH=/usr/bin:/bin'], Cmd: ['/tool'], WorkingDir: '/' };

/** Uploads an image whose configuration says `says` and gives the descriptor of its manifest. */
async function image(repository, tag, version, architecture = 'amd64', says = server(version)) {
  const layer = tar('greeting.txt', `Hello from ${version} on ${architecture}\n`);
  const config = json({
    architecture, os: 'linux', created: '2026-01-01T00:00:00Z',
    config: says,
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    history: [{ created: '2026-01-01T00:00:00Z', created_by: 'COPY greeting.txt /' }],
  });
  return manifest(repository, tag, {
    schemaVersion: 2, mediaType: oci('manifest.v1+json'),
    config: await blob(repository, config, oci('config.v1+json')),
    layers: [await blob(repository, layer, oci('layer.v1.tar'))],
  });
}

/** An index of two platforms. */
async function multiArchitecture(repository, tag) {
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    manifests.push({ ...(await image(repository, null, tag, architecture)), platform: { architecture, os: 'linux' } });
  }
  return manifest(repository, tag, { schemaVersion: 2, mediaType: oci('index.v1+json'), manifests });
}

/** All images of the tests, as `name:tag` and digest. The simulated data plane acts out a tag that ends in `-crash`. */
export async function pushAll(registry) {
  const pushed = {};
  for (const [tag, version] of [['1.0', '1.0'], ['1.1', '1.1'], ['1.2-crash', '1.2'], ['latest', '1.1']]) {
    pushed[`acme/greeter:${tag}`] = (await image(`${registry}/v2/acme/greeter`, tag, version)).digest;
  }
  pushed['acme/multi:1.0'] = (await multiArchitecture(`${registry}/v2/acme/multi`, '1.0')).digest;
  pushed['acme/tool:1.0'] = (await image(`${registry}/v2/acme/tool`, '1.0', '1.0', 'amd64', tool)).digest;
  return pushed;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const registry = process.argv[2] ?? 'http://127.0.0.1:15500';
  for (const [name, digest] of Object.entries(await pushAll(registry))) console.log(`${name} ${digest}`);
}
