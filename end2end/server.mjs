// Starts a console of its own for a spec: `target/debug/slipway serve` on a free port, with an empty data folder, on the
// simulated data plane. Owns the process and the folder and removes both; it never builds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'slipway');
const startLimit = 20_000;

/** The registries that `script/services` started: open, and behind the login tester / secret. */
export const registries = {
  open: process.env.SLIPWAY_TEST_REGISTRY ?? '127.0.0.1:15500',
  private: process.env.SLIPWAY_TEST_PRIVATE_REGISTRY ?? '127.0.0.1:15501',
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The first link with a setup code among the lines that the console prints. */
async function readSetupLink(child) {
  const said = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      const link = line.match(/https?:\/\/[^\s"]*setup[^\s"]*/i)?.[0];
      if (link) child.emit('setup-link', link);
    });
  }
  const failed = (why) => { throw new Error(`${binary} ${why}; it said:\n${said.join('\n')}`); };
  return Promise.race([
    once(child, 'setup-link').then(([link]) => link),
    once(child, 'exit').then(([code]) => failed(`ended with ${code} before it printed a setup link`)),
    once(AbortSignal.timeout(startLimit), 'abort').then(() => failed('printed no setup link in time')),
  ]);
}

/**
 * Starts a console. Gives its address, its setup link, and `stop`, which fails if the console does not end by itself.
 * `environment` adds to or overrides its variables.
 */
export async function startConsole(environment = {}) {
  const data = await mkdtemp(join(tmpdir(), 'slipway-spec-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ['serve'], {
    cwd: data,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      LEPTOS_SITE_ADDR: address,
      SLIPWAY_DATA_DIR: data,
      SLIPWAY_EGRESS: 'any',
      SLIPWAY_PLAIN_HTTP_REGISTRIES: Object.values(registries).join(','),
      ...environment,
    },
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    const kill = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    clearTimeout(kill);
    await rm(data, { recursive: true, force: true });
    if (signal === 'SIGKILL') throw new Error('the console did not end within 15 s of SIGTERM');
    if (code !== 0) throw new Error(`the console ended with ${code ?? signal}`);
  };
  try {
    return { url: `http://${address}`, setupLink: await readSetupLink(child), stop };
  } catch (problem) {
    child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
    throw problem;
  }
}
