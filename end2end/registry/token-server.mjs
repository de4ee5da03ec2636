// The token service of a test registry: `node token-server.mjs PORT KEY CERTIFICATE` (PEM files). It answers
// GET /token?service=...&scope=... as the distribution project's token specification says, with the rights below, and
// signs with a key whose certificate the registry trusts. It knows no images and asks the registry nothing.
import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const ISSUER = 'slipway-tests';
const LIFE = 300;
/** Passwords, and the actions that each user is granted where asked for. */
const USERS = {
  tester: { password: 'secret', actions: ['pull'] },
  outsider: { password: 'secret', actions: [] },
};

const [port, keyFile, certificateFile] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(keyFile));
const x5c = [new X509Certificate(readFileSync(certificateFile)).raw.toString('base64')];

/** The user whose name and password the header has; nobody is let in without. */
function userOf(authorization = '') {
  const pair = Buffer.from(authorization.replace(/^Basic /i, ''), 'base64').toString();
  const [, name, password] = pair.match(/^([^:]*):(.*)$/s) ?? [];
  return Object.hasOwn(USERS, name ?? '') && USERS[name].password === password ? name : undefined;
}

/** `repository:acme/greeter:pull,push` as what the user gets of it. */
function granted(scope, user) {
  const [, type, name, wanted] = scope.match(/^([^:]+):(.+):([^:]*)$/) ?? [];
  const actions = (wanted ?? '').split(',').filter((action) => USERS[user].actions.includes(action));
  return type === 'repository' && actions.length > 0 ? [{ type, name, actions }] : [];
}

function token(user, service, access) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, sub: user, aud: service, iat: now, nbf: now - 5, exp: now + LIFE, jti: randomUUID(), access };
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ typ: 'JWT', alg: 'ES256', x5c })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

createServer((request, response) => {
  const answer = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (request.method !== 'GET' || pathname !== '/token') return answer(404, { errors: [{ code: 'NOT_FOUND' }] });
  const user = userOf(request.headers.authorization);
  if (!user) return answer(401, { errors: [{ code: 'UNAUTHORIZED', message: 'no such user and password' }] });
  const access = searchParams.getAll('scope').flatMap((scope) => granted(scope, user));
  return answer(200, { token: token(user, searchParams.get('service'), access), expires_in: LIFE });
}).listen(Number(port), '127.0.0.1');
