// The first person comes to a new console: docs/guide, "Start".
import assert from 'node:assert/strict';
import { admin, button, fill, go, link, setUp, signIn, signOut, spec, submit } from './lib.mjs';

spec('the printed link makes the first admin, who signs out and in again', async ({ page, console }) => {
  await go(page, console.url);
  await page.getByLabel('Setup code').waitFor();

  await setUp(page, console);

  await signOut(page);
  await signIn(page, console, { email: admin.email, password: 'not the password' });
  assert.equal(await page.getByLabel('Email', { exact: true }).inputValue(), admin.email, 'what was typed is kept');
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '', 'a secret is not');
  await signIn(page, console);
  await link(page, 'Storefront').waitFor();
});

spec('a short password comes back with all that was typed', async ({ page, console }) => {
  await go(page, console.setupLink);
  if (await button(page, 'Continue').isVisible()) await submit(page, 'Continue');
  await fill(page, { Email: admin.email, Password: 'short', Organization: 'Acme', Project: 'Storefront' });
  await submit(page, 'Create');
  await page.getByText(/12 characters/).first().waitFor();
  assert.equal(await page.getByLabel('Email', { exact: true }).inputValue(), admin.email);
  assert.equal(await page.getByLabel('Project', { exact: true }).inputValue(), 'Storefront');
});
