// Registering a container registry: docs/guide, "Register a registry".
import assert from 'node:assert/strict';
import {
  addRegistry, axe, button, chooseVendor, describeRegistry, dockerConfig, fill, go, lastCheck, link, openRegistries, openRegistry, registries,
  reloadUntil, setUp, spec, submit, testConnection,
} from './lib.mjs';

const hosted = { name: 'Acme private', host: registries.private, username: 'tester' };

spec('a public registry is added and listed', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
  await go(page, button(page, 'Test connection of Acme open'));
  await lastCheck(page).getByText('Reachable').waitFor();
});

spec('the connection to a registry behind a login is tested before it is saved', async ({ page, console }) => {
  await setUp(page, console);

  await openRegistries(page);
  await describeRegistry(page, { ...hosted, password: 'wrong' });
  await testConnection(page);
  await page.getByText(/refused the credential/).first().waitFor();
  await page.getByText('Sign in with the credential (failed)').waitFor();
  assert.equal(await page.getByLabel('Registry Display Name').inputValue(), hosted.name, 'what was typed is kept');
  const kept = page.javaScript ? 'wrong' : '';
  assert.equal(await page.getByLabel('Password or token').inputValue(), kept, 'a secret stays in the page or is gone');

  await fill(page, { 'Password or token': 'secret', 'Repository to test with (optional)': 'acme/greeter' });
  await testConnection(page);
  await page.getByText(/The connection works/).first().waitFor();
  await page.getByText('Pull from acme/greeter (done)').waitFor();
  await axe(page);

  await fill(page, { 'Password or token': 'secret' });
  await submit(page, 'Save');
  await openRegistry(page, hosted.name);
  await reloadUntil(page, lastCheck(page).getByText('Reachable'));
});

spec('a Docker config is pasted, or its file is chosen, but not both', async ({ page, console }) => {
  const config = dockerConfig(registries.private, 'tester', 'secret');
  const file = { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from(config) };
  await setUp(page, console);
  await openRegistries(page);

  await describeConfig(page, 'Pasted');
  await fill(page, { 'Docker config (JSON)': config });
  await page.getByLabel('Or choose the file').setInputFiles(file);
  await submit(page, 'Save');
  await page.getByText('Paste the Docker config or choose its file, not both.').first().waitFor();
  assert.equal(await page.getByLabel('Docker config (JSON)').inputValue(), '', 'a secret does not come back');
  await fill(page, { 'Docker config (JSON)': config });
  await submit(page, 'Save');
  await page.getByRole('row', { name: 'Pasted' }).waitFor();

  await describeConfig(page, 'Uploaded');
  await page.getByLabel('Or choose the file').setInputFiles(file);
  await testConnection(page);
  await page.getByText(/The connection works/).first().waitFor();
  await page.getByLabel('Or choose the file').setInputFiles(file);
  await submit(page, 'Save');
  await openRegistry(page, 'Uploaded');
  await page.getByText(registries.private).first().waitFor();
});

spec('a registry is edited, gets another secret, and is deleted by its name', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { ...hosted, password: 'wrong' });
  await openRegistry(page, hosted.name);
  await reloadUntil(page, lastCheck(page).getByText('Credential refused'));

  await go(page, link(page, 'Replace secret'));
  await fill(page, { 'Password or token': 'secret' });
  await submit(page, 'Replace secret');
  await page.getByText('Replaced by').waitFor();
  await submit(page, 'Test connection');
  await reloadUntil(page, lastCheck(page).getByText('Reachable'));

  await go(page, link(page, 'Edit'));
  assert.equal(await page.getByLabel('Username').inputValue(), 'tester');
  await fill(page, { 'Registry Display Name': 'Acme, renamed' });
  await submit(page, 'Save');
  await page.getByRole('heading', { name: 'Acme, renamed', exact: true }).waitFor();

  await fill(page, { 'Type Acme, renamed to confirm': 'Acme' });
  await submit(page, 'Delete registry');
  await page.getByText(/a deleted registry does not come back/).first().waitFor();
  await fill(page, { 'Type Acme, renamed to confirm': 'Acme, renamed' });
  await submit(page, 'Delete registry');
  await page.getByText('Acme, renamed was deleted.').waitFor();
});

spec('at 320 px nothing scrolls sideways', async ({ page, console }) => {
  await setUp(page, console);
  await page.setViewportSize({ width: 320, height: 720 });
  await openNarrow(page, console, '');
  await openNarrow(page, console, '/new');
  await openNarrow(page, console, '/new?vendor=ecr');
  assert.ok(await button(page, 'Save').last().isVisible());
});

/** The form for a Docker config. */
async function describeConfig(page, name) {
  await chooseVendor(page, 'Other registry');
  await page.getByRole('radio', { name: 'Docker config' }).check();
  await fill(page, { 'Registry Display Name': name });
  assert.ok(!(await page.getByLabel('Registry host').isVisible()), 'the host comes from the JSON');
}

/** Opens a page of the registries in a narrow window: the page, its cards and the panel fit into it. */
async function openNarrow(page, console, path) {
  await go(page, `${console.url}/organizations/acme/settings/credentials/registries${path}`);
  for (const box of ['main', '.card', '.panel-body']) {
    for (const part of await page.locator(box).all()) {
      const bounds = await part.boundingBox();
      assert.ok(bounds.x >= 0 && bounds.x + bounds.width <= 320, `${box} of ${path} is ${JSON.stringify(bounds)}`);
    }
  }
}
