// Registering a container registry: docs/guide, "Register a registry".
import { addRegistry, describeRegistry, go, link, openRegistries, registries, setUp, spec, testConnection } from './lib.mjs';

spec('a public registry is added and listed', async ({ page, console }) => {
  await setUp(page, console);
  await addRegistry(page, { name: 'Acme open', host: registries.open });
});

spec('the connection to a registry behind a login is tested before it is saved', async ({ page, console }) => {
  const registry = { name: 'Acme private', host: registries.private, username: 'tester' };
  await setUp(page, console);

  await openRegistries(page);
  await describeRegistry(page, { ...registry, password: 'wrong' });
  await testConnection(page);
  await page.getByText(/refused the credential/).first().waitFor();

  await go(page, link(page, 'Cancel'));
  await describeRegistry(page, { ...registry, password: 'secret' });
  await testConnection(page);
  await page.getByText(/The connection works/).first().waitFor();

  await go(page, link(page, 'Cancel'));
  await addRegistry(page, { ...registry, password: 'secret' });
});
